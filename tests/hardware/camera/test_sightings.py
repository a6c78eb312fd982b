"""Thirty pictures a second of one label are one scan, and a doubtful label wants a second picture."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.camera.sightings import AGREEMENT, Label, Sightings

QR = Label(b"LN7Q", "]Q1")
BAR = Label(b"LN8R", "]C0")
EAN = Label(b"4006381333931", "]E0")
GS1 = Label(b"010952123456788021AB\x1d17270101", "]d2")

pictures = st.lists(
    st.tuples(st.lists(st.sampled_from([QR, BAR, EAN, GS1])), st.sampled_from([0.0, 0.03, 0.5, 1.1, 3.0]))
)


class TestLabelInView:
    def test_is_a_scan_at_once(self) -> None:
        assert Sightings(2).see([QR], 10) == [QR]

    def test_is_one_scan_while_it_is_held_and_another_each_time_the_hold_is_over(self) -> None:
        sightings = Sightings(2)
        times = [number / 30 for number in range(150)]
        assert [round(at, 2) for at in times if sightings.see([QR], at)] == [0.0, 2.0, 4.0]

    def test_is_one_scan_though_it_flickers(self) -> None:
        sightings = Sightings(2)
        seen = [sightings.see([QR] if number % 3 == 0 else [], number / 30) for number in range(59)]
        assert sum(map(len, seen)) == 1

    def test_beside_others_is_a_scan_each(self) -> None:
        sightings = Sightings(2)
        assert sightings.see([QR, BAR, QR], 0) == [QR, BAR]
        assert sightings.see([QR, BAR, GS1], 0.03) == [GS1]

    def test_is_the_same_label_whichever_decoder_read_it(self) -> None:
        sightings = Sightings(2)
        assert sightings.see([Label(b"010952", "]C1")], 0)
        assert not sightings.see([Label(b"010952", "]C0")], 0.03)


class TestProductCode:
    def test_is_believed_when_a_second_picture_agrees(self) -> None:
        sightings = Sightings(2)
        assert sightings.see([EAN], 0) == []
        assert sightings.see([EAN], 0.03) == [EAN]
        assert sightings.see([EAN], 0.06) == []

    def test_is_not_believed_for_being_twice_in_one_picture(self) -> None:
        assert Sightings(2).see([EAN, EAN], 0) == []

    def test_need_not_be_in_the_very_next_picture(self) -> None:
        sightings = Sightings(2)
        sightings.see([EAN], 0)
        sightings.see([], 0.5)
        assert sightings.see([EAN], AGREEMENT) == [EAN]

    def test_of_long_ago_does_not_vouch_for_one_of_now(self) -> None:
        sightings = Sightings(2)
        sightings.see([EAN], 0)
        assert sightings.see([EAN], AGREEMENT + 0.1) == []

    def test_misread_differently_each_time_is_never_believed(self) -> None:
        sightings = Sightings(2)
        misread = [Label(b"%013d" % number, "]E0") for number in range(100)]
        assert not any(sightings.see([label], number / 30) for number, label in enumerate(misread))


@pytest.mark.parametrize(
    ("label", "frame"),
    [(GS1, b"]d2010952123456788021AB\x1d17270101"), (QR, b"LN7Q"), (BAR, b"LN8R"), (EAN, b"4006381333931")],
)
def test_gs1_is_told_by_its_identifier_as_scanners_do(label: Label, frame: bytes) -> None:
    assert label.frame == frame


@given(pictures, st.sampled_from([0.1, 1.0, 5.0]))
def test_two_scans_of_a_label_are_a_hold_apart_and_nothing_is_kept_for_long(
    pictures: list[tuple[list[Label], float]], hold: float
) -> None:
    sightings = Sightings(hold)
    now, scanned = 0.0, []
    for labels, gap in pictures:
        now += gap
        scans = sightings.see(labels, now)
        assert set(scans) <= set(labels)
        scanned += [(label, now) for label in scans]
    for label in (QR, BAR, EAN, GS1):
        times = [at for each, at in scanned if each == label]
        assert all(later - earlier >= hold for earlier, later in itertools.pairwise(times))
    sightings.see([], now + 10)
    assert not sightings._scanned
    assert not sightings._doubtful
