"""Every snippet of the user guide and of the README runs and prints what it says."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "user_guide.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
# the text before the first section holds what every section goes on from
OPENING, *SECTIONS = re.split(r"^(?=## )", GUIDE, flags=re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def title_of(section):
    return section.splitlines()[0].removeprefix("## ")


def run(snippets, names):
    """Run the doctests of a text with these names defined; return how many failed."""
    # a closing fence would be taken for expected output
    plain = re.sub(r"^```.*$", "", snippets, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(plain, names, title_of(snippets), None, 0)
    failed, _ = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
        test, clear_globs=False
    )
    names.update(test.globs)
    return failed


@pytest.fixture(scope="module")
def names():
    """What the opening defines, and what sections define for those after them."""
    return {}


@pytest.mark.slow
@pytest.mark.parametrize("section", [OPENING, *SECTIONS], ids=title_of)
def test_the_user_guide_prints_what_it_says(section, names):
    assert run(section, names) == 0


@pytest.mark.slow
def test_the_page_on_production_prints_what_it_says():
    assert run((ROOT / "docs" / "in_production.md").read_text(encoding="utf-8"), {}) == 0


def test_every_line_of_contents_has_its_section():
    listed = re.findall(r"\[([^\]]+)\]\(#[^)]+\)", OPENING)
    assert listed == [title_of(section) for section in SECTIONS]


@pytest.mark.slow
def test_the_example_of_the_readme_prints_what_it_says(capsys):
    snippet = re.search(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[1]
    exec(compile(snippet, "README.md", "exec"), {})
    assert f"# {capsys.readouterr().out}" == snippet.splitlines(keepends=True)[-1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_files(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_continuous_integration_runs_the_test_command_of_the_readme():
    command = re.search(r"&& \.venv/bin/(python -m pytest.*)$", README, re.MULTILINE)[1]
    assert f"\n{command}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
