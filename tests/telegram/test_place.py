"""Places, and what messages are called at them."""

from bots.telegram.place import Place
from broker.messages import Address


def test_a_message_of_a_group_that_moved_has_no_number_in_its_new_home() -> None:
    old = Place(-1001)
    new = old.moved_to(-2002)
    assert new.address == old.address == Address("telegram", "-1001")
    asked_before, edited_before = old.name_of(15), f"{old.name_of(15)}.777"
    assert old.number_of(asked_before) == old.number_of(edited_before) == 15
    assert new.number_of(asked_before) == new.number_of(edited_before) == 0
    asked_after = new.name_of(15)
    assert asked_after != asked_before
    assert new.number_of(asked_after) == new.number_of(f"{asked_after}.777") == 15
    assert old.number_of("u777") == 0  # a press on a button


def test_an_address_says_its_place() -> None:
    for place in (Place(77), Place(77, 11), Place(-1001, 12), Place(88, 0, "conn/1")):
        assert Place.of(place.address) == place
