"""TextCleaner: what each switch changes, and what it leaves alone."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from skdeepnlp.text import TextCleaner


def clean(text, **parameters):
    return TextCleaner(**parameters).transform([text])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Ein großer Fuß auf der Straße: Müller & Söhne.",
        "한국어 문장, 정말 좋아요 ㅋㅋㅋㅋ!",
        "这部电影非常好。价格100元",
        "हिन्दी में लिखा",
        "family 👨‍👩‍👧 thumbs 👍🏽 key 1️⃣",
        "Soooo GOOD!!! see http://a.org/b @bob me@a.org <b>1,000</b>",
    ],
)
def test_the_defaults_leave_ordinary_text_alone(text):
    assert clean(text) == text


def test_the_defaults_decode_entities_compose_letters_and_collapse_white_space():
    assert clean(" fish&nbsp;&amp;\t cafe\u0301\n ") == "fish & café"


def test_nothing_changes_when_all_is_off():
    text = "  cafe\u0301 &amp;\n"
    off = {"decode_entities": False, "unicode_form": None, "collapse_whitespace": False}
    assert clean(text, **off) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T &#8364;9 &#x20AC;9", "AT&T €9 €9"),
        ("T&C's, R&D; ?a=1&copy=2", "T&C's, R&D; ?a=1&copy=2"),
        ("&lt;#&gt; &nosuchthing;", "<#> &nosuchthing;"),
    ],
)
def test_only_finished_entities_are_decoded(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p class='x'>good<br/>film</p>", "good film"),
        ('<img alt="a > b" src=x>cat', "cat"),
        ("<script>if (a < b) { alert('<b>') }</script>text", "text"),
        ("<STYLE type='a'>p {}</STYLE>text<!-- a\n<b>note</b> -->", "text"),
        ("&lt;b&gt;Reuters&lt;/b&gt;", "Reuters"),
        ('<a href="x title=y>link</a>', "link"),
        (
            "a < b and c > d, I <3 you, <user> <unk> <5",
            "a < b and c > d, I <3 you, <user> <unk> <5",
        ),
        ("x <-- y --> z", "x <-- y --> z"),
        ("an open <script> stays harmless", "an open stays harmless"),
    ],
)
def test_tags_go_and_comparisons_and_hearts_stay(text, expected):
    assert clean(text, html_tags="drop") == expected


@pytest.mark.parametrize(
    ("form", "expected"), [("NFC", "é①"), ("NFD", "e\u0301①"), ("NFKC", "é1"), ("NFKD", "e\u03011")]
)
def test_each_unicode_form_is_reached(form, expected):
    assert clean("é①", unicode_form=form) == expected


def test_accents_leave_letters_of_other_scripts_whole():
    stripped = clean("Crème brûlée Ärger, 한국어 हिन्दी がぎ", strip_accents=True)
    assert stripped == "Creme brulee Arger, 한국어 हिन्दी がぎ"


def test_stripped_accents_keep_the_wanted_unicode_form():
    assert clean("é가", strip_accents=True, unicode_form="NFD") == "e\u1100\u1161"


def test_lower_case_keeps_the_sharp_s():
    assert clean("Große STRASSE ΣΟΦΟΣ", lowercase=True) == "große strasse σοφος"


def test_casefold_makes_texts_equal_that_differ_in_case_only():
    assert clean("Große STRASSE", lowercase="casefold") == "grosse strasse"
    assert clean("GROSSE Straße", lowercase="casefold") == "grosse strasse"


def test_put_in_tokens_keep_their_case():
    assert clean("SEE http://A.org", lowercase=True, urls="HTTPURL") == "see HTTPURL"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see http://a.org/b, ok", "see <url>, ok"),
        ("(see https://a.org/b_(c)).", "(see <url>)."),
        ("[x](http://a.org/?q=1&r=2#s)!", "[x](<url>)!"),
        ("WWW.TxT82228.com. Questions", "<url>. Questions"),
        ('"ftp://a.org/x" <http://a.org>', '"<url>" <<url>>'),
        ("http://a.org/Müller’", "<url>’"),
        ("http://naver.com입니다 看http://t.cn/abc吧", "<url>입니다 看<url>吧"),
        ("end.Next http:// and/or www.", "end.Next http:// and/or www."),
    ],
)
def test_addresses_end_before_punctuation(text, expected):
    assert clean(text, urls="<url>") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it's yijue@hotmail.com.", "it's <email>."),
        ("a.b+c@mail.example.co.uk, müller@x.de", "<email>, <email>"),
        ("메일a@b.com으로", "메일<email>으로"),
        ("msg@150p me@home @bob", "msg@150p me@home @bob"),
    ],
)
def test_email_addresses_are_found(text, expected):
    assert clean(text, emails="<email>") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@bob_1: hi (@Ann)!", "<user>: hi (<user>)!"),
        ("mail me@a.org or @me", "mail me@a.org or <user>"),
        ("home @ 5, see you @3pm", "home @ 5, see you @3pm"),
        ("https://medium.com/@bob", "https://medium.com/@bob"),
    ],
)
def test_mentions_are_neither_emails_nor_hours(text, expected):
    assert clean(text, mentions="<user>") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 of 1,000.50 and 1.000,50", "# of # and #"),
        ("-3 +4 5-6 2020-01-01 12:30", "# # #-# #-#-# #:#"),
        ("£1.50, 50%. In 2010.", "£#, #%. In #."),
        ("b2b 3rd v1.2 1.5x 4ward x86_64", "b2b 3rd v1.2 1.5x 4ward x86_64"),
        ("2023년 价格100元 １２３", "#년 价格#元 #"),
        ("key 1️⃣ http://a.org/2020 me1@a.org @bob 1", "key 1️⃣ http://a.org/2020 me1@a.org @bob #"),
    ],
)
def test_numbers_are_whole_and_stand_alone(text, expected):
    assert clean(text, numbers="#") == expected


def test_dropped_parts_leave_one_space():
    assert clean("a@b.org,@bob,www.a.org", urls="drop", emails="drop", mentions="drop") == ", ,"


def test_tokens_are_not_cleaned_again():
    everything = {"urls": "@url11", "emails": "@mmm2", "mentions": "3333", "max_repeats": 1}
    assert clean("www.a.org a@b.org @bob", numbers="drop", **everything) == "@url11 @mmm2 3333"


@pytest.mark.parametrize(
    ("limit", "expected"), [(1, "so! 1000 ok"), (2, "soo!! 1000 ok"), (3, "sooo!!! 1000 ok")]
)
def test_runs_are_cut_to_the_limit_but_digits_are_not(limit, expected):
    assert clean("soooo!!!! 1000 ok", max_repeats=limit) == expected


def test_repeats_of_any_script_are_cut_outside_addresses():
    assert (
        clean("ㅋㅋㅋㅋ 哈哈哈 😂😂😂 www.aaa.org", max_repeats=2) == "ㅋㅋ 哈哈 😂😂 www.aaa.org"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't, can't, WON'T", "I do n't, ca n't, WO N'T"),
        ("she’ll say it's Ann's", "she ’ll say it 's Ann 's"),
        ("we've I'd you're I'm", "we 've I 'd you 're I 'm"),
        ("'so' rock 'n' roll o'clock '90s", "'so' rock 'n' roll o'clock '90s"),
    ],
)
def test_contractions_are_set_apart(text, expected):
    assert clean(text, split_contractions=True) == expected


def test_the_own_function_acts_last():
    assert clean("  GOOD&amp;  ", lowercase=True, function=lambda text: f"[{text}]") == "[good&]"


def test_an_own_function_that_returns_no_text_raises():
    with pytest.raises(TypeError, match=r"Got list from function=.*expected a str for each text"):
        clean("a b", function=str.split)


def test_an_empty_result_is_a_text():
    cleaned = TextCleaner(mentions="drop").transform(["@bob", "", " \n", "hi"])
    assert cleaned.tolist() == ["", "", "", "hi"]


@pytest.mark.parametrize("container", [tuple, np.array, pd.Series, pl.Series])
def test_every_container_gives_an_object_array_of_the_same_length(container):
    cleaned = TextCleaner().transform(container([" a ", "b"]))
    assert (cleaned.dtype, cleaned.shape, cleaned.tolist()) == (object, (2,), ["a", "b"])


@pytest.mark.parametrize("kind", ["urls", "emails", "mentions", "numbers"])
def test_a_plain_word_is_no_token(kind):
    message = f"Got {kind}='remove'; expected 'keep', 'drop' or a token"
    with pytest.raises(ValueError, match=message):
        TextCleaner(**{kind: "remove"}).fit(["a"])
    with pytest.raises(ValueError, match=message):
        clean("a", **{kind: "remove"})


@pytest.mark.parametrize(
    "wrong", [{"unicode_form": "NFX"}, {"max_repeats": 0}, {"lowercase": 2}, {"urls": None}]
)
def test_wrong_parameters_raise_also_without_fit(wrong):
    name = next(iter(wrong))
    with pytest.raises(ValueError, match=f"The '{name}' parameter of TextCleaner must be"):
        clean("a", **wrong)


@pytest.mark.parametrize("hostile", ["(", "a@", "a.", "<a '", "<!--", "<script>", "http://", "1,"])
def test_long_hostile_texts_are_cleaned_in_linear_time(hostile):
    # a quadratic rule would take minutes here, and the suite would stand still
    text = "www." + hostile * (200_000 // len(hostile))
    assert clean(text, html_tags="drop", urls="<url>", numbers="#", max_repeats=2) is not None


def test_it_needs_no_fit_and_counts_as_fitted():
    check_is_fitted(TextCleaner())
    assert TextCleaner().__sklearn_tags__().requires_fit is False


def test_clone_and_pickle_clean_alike():
    cleaner = TextCleaner(numbers="#", max_repeats=2, function=str.upper)
    for copy in (clone(cleaner), pickle.loads(pickle.dumps(cleaner))):
        assert copy.transform(["soooo 1"]).tolist() == ["SOO #"]


@pytest.mark.parametrize("container", ["default", "pandas", "polars"])
def test_set_output_does_no_harm_in_a_pipeline(container):
    pipeline = make_pipeline(TextCleaner(numbers="drop"), CountVectorizer())
    pipeline[:1].set_output(transform=container)
    counts = pipeline.fit_transform(pd.Series(["good 1", "bad 2 bad"], index=[7, 3]))
    assert counts.toarray().tolist() == [[0, 1], [2, 0]]


def test_names_of_a_pipeline_in_a_column_transformer_pass_through():
    frame = pd.DataFrame({"review": ["good 1", "bad 2"], "stars": [5, 1]}, index=[7, 3])
    words = make_pipeline(TextCleaner(numbers="drop"), CountVectorizer())
    columns = ColumnTransformer([("words", words, "review"), ("rest", "passthrough", ["stars"])])
    columns.fit(frame)
    assert columns.get_feature_names_out().tolist() == ["words__bad", "words__good", "rest__stars"]


def test_its_own_name_is_that_of_its_column():
    assert TextCleaner().get_feature_names_out().tolist() == ["text"]
    assert TextCleaner().get_feature_names_out(["review"]).tolist() == ["review"]


# Documents that are cut into tokens already


def test_each_token_is_cleaned_and_empty_ones_are_left_out():
    cleaner = TextCleaner(lowercase=True, urls="drop", numbers="<number>")
    documents = [["A&amp;B", "http://a.org", "\n"], ("Film", "7"), np.array(["GOOD", "film"])]
    expected = [["a&b"], ["film", "<number>"], ["good", "film"]]
    assert cleaner.fit(documents).transform(documents).tolist() == expected


def test_lists_of_one_length_stay_lists():
    cleaned = TextCleaner().transform([["a", "b"], ["c", "d"]])
    assert cleaned.shape == (2,)
    assert [type(document) for document in cleaned] == [list, list]


def test_texts_may_stand_beside_lists_of_tokens():
    assert TextCleaner().transform(["a  b", ["a  b"], []]).tolist() == ["a b", ["a b"], []]


@pytest.mark.parametrize("document", [[1, 2], {"a": 1}, object(), ["a", None]])
def test_what_is_neither_text_nor_tokens_raises(document):
    with pytest.raises(TypeError, match=r"document 1 is of type .*clean=None of make_text_pipe"):
        TextCleaner().fit(["a", document])
