import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.appointments.references import DIGITS, LETTERS, find, make
from core.privacy import mask

REFERENCE = "K4M-T7P-R2W"

ANY = st.tuples(*[st.sampled_from(kind) for kind in (LETTERS, DIGITS, LETTERS) * 3]).map(
    lambda signs: "-".join("".join(signs[i : i + 3]) for i in (0, 3, 6))
)
WRITTEN = [
    "K4M-T7P-R2W", "k4m t7p r2w", "K4MT7PR2W", "K4M–T7P—R2W", "K4M - T7P - R2W", "K4M.T7P.R2W",
    "Ｋ４Ｍ－Ｔ７Ｐ－Ｒ２Ｗ", "ｋ４ｍ　ｔ７ｐ　ｒ２ｗ", "K 4 M T 7 P R 2 W", "K, 4, M, T, 7, P, R, 2, W.",
    "K4M_T7P_R2W", "K4M/T7P/R2W", "K4M\u200b-T7P-R2W", "K4M\nT7P\nR2W",
    # spelt or heard
    "K four M, T seven P, R two W", "K4M dash T7P dash R2W", "kay four em tee seven pee ar two double u",
    "K for M T seven P R to W", "Kay 4 M, then tea 7 pea, and are too double you",
    "K四M T七P R二W", "k四m，t七p，r二w", "K 四 M T 七 P R 兩 W", "K四M橫線T七P橫線R两W", "K4M、T7P、R2W",
]  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "我個預約編號係{}，唔該",
        "my reference is {} please",
        "（{}）",
        "No. 3: {}!",
        "改{}去2月3號",
    ],
)
def test_a_reference_is_found_however_it_is_written(written, around):
    assert find(around.format(written)) == REFERENCE


@pytest.mark.parametrize(
    "text",
    [
        "", "K4M-T7P", "K4M-T7P-R2", "4KM-T7P-R2W", "K4M-T7P-R2W3", "AK4M-T7P-R2W", "5K4M-T7P-R2W",
        "A4M-T7P-R2W", "K0M-T7P-R2W", "K1M-T7P-R2W", "K4L-T7P-R2W", "K4M-T7P-R2Y", "K4M-T7P-U2W",
        "KfourM T7P R2W", "K4M-三T7P-R2W", "K4M then some time later T7P R2W", "我想預約", "ABC-DEF",
        "H12345678", "A123456(3)", "9123 4567", "see you at two for tea then we are too late",
    ],
)  # fmt: skip
def test_what_is_no_reference_is_not_found(text):
    assert find(text) is None


def test_the_first_of_several_is_found():
    assert find("B2C-D3F-G4H or K4M-T7P-R2W") == "B2C-D3F-G4H"


def test_a_new_one_has_the_form_and_is_new():
    made = {make() for _ in range(300)}
    assert len(made) == 300
    for reference in made:
        assert find(reference) == reference
        assert len(reference) == 11
        assert not set(reference) & set("AEIOUYL01")


@given(ANY)
def test_every_reference_is_found_in_each_form(reference):
    for written in (reference, reference.lower(), reference.replace("-", ""), " ".join(reference)):
        assert find(f"編號{written}。") == reference


@given(ANY, st.sampled_from(["{}", "我個編號係{}", "cancel {} please", "{}, 2026-11-30", "（{}）"]))
def test_the_mask_of_personal_numbers_leaves_references_alone(reference, around):
    for written in (reference, reference.lower(), reference.replace("-", ""), " ".join(reference)):
        assert mask(around.format(written)) == around.format(written)


@given(ANY)
def test_a_number_beside_a_reference_is_still_masked(reference):
    assert mask(f"{reference} 9123 4567") == f"{reference} 9*** ****"


@pytest.mark.parametrize(
    "piece", ["k4m t7p r2", "k 4 m k ", "and ", "k4m、、、、、、dash、、、、、、b", "double u "]
)
def test_a_long_text_without_one_takes_no_time(piece):
    before = time.perf_counter()
    assert find(piece * 1000) is None
    assert time.perf_counter() - before < 0.5
