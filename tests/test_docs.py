"""Every snippet of the user guide and of the README runs and prints what it says."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "guide"
OPENING = (GUIDE / "index.md").read_text(encoding="utf-8")
GUIDE_PAGES = sorted(page for page in GUIDE.glob("*.md") if page.stem != "index")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")


def title_of(section):
    return section.splitlines()[0].lstrip("# ")


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


@pytest.mark.slow
@pytest.mark.parametrize("page", GUIDE_PAGES, ids=lambda page: page.stem)
def test_each_page_of_the_guide_prints_what_it_says(page):
    names = {}
    assert run(OPENING, names) == 0
    assert run(page.read_text(encoding="utf-8"), names) == 0


def test_the_index_lists_every_page():
    assert sorted(target for target, _ in LINK.findall(OPENING)) == [
        page.name for page in GUIDE_PAGES
    ]


@pytest.mark.slow
def test_the_example_of_the_readme_prints_what_it_says(capsys):
    snippet = re.search(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[1]
    exec(compile(snippet, "README.md", "exec"), {})
    assert f"# {capsys.readouterr().out}" == snippet.splitlines(keepends=True)[-1]


def sections_of(page):
    """Return the anchors of the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_files_and_sections(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    linked = [((page.parent / target) if target else page, anchor) for target, anchor in links]
    assert [file for file, _ in linked if not file.exists()] == []
    assert [
        f"{file.name}#{anchor}"
        for file, anchor in linked
        if anchor and anchor not in sections_of(file)
    ] == []


def test_continuous_integration_runs_the_test_command_of_the_readme():
    command = re.search(r"&& \.venv/bin/(python -m pytest.*)$", README, re.MULTILINE)[1]
    assert f"\n{command}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
