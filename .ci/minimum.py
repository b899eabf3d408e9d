"""Print the lowest version of each dependency that pyproject.toml allows, as pip's constraints."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]

for requirement in PROJECT["dependencies"]:
    name, lowest = re.match(r"([\w-]+)>=([\d.]+)", requirement).groups()
    release = lowest if "." in lowest else f"{lowest}.0"
    print(f"{name}=={release}.*" if release.count(".") < 2 else f"{name}=={release}")
