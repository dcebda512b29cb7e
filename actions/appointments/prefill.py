"""Fills a booking in with what the identity broker has verified, once the person has agreed.

The values go into the draft, which is encrypted, and nowhere else. They are checked by the rules
that check typed ones, and leave the draft with the session that brought them.
"""

from datetime import date
from typing import Callable, Dict, Mapping, Optional, Sequence

from actions.appointments import rules
from actions.appointments.draft import Draft
from actions.appointments.message import Message
from actions.appointments.say import Say, phrase
from actions.appointments.summary import shown
from actions.identity.access import Access
from actions.identity.model import Profile
from core.clock import Clock, today
from knowledge.model import Snapshot

#: The question, as a slot of the draft: yes, no, or that it is settled.
PREFILL = "prefill"
_SETTLED = "settled"
#: Who was filled in, and in which slots.
_FILLED = "prefilled"


class Prefill:
    """Offers and takes the verified details of whoever is signed in."""

    def __init__(self, access: Access, snapshot: Callable[[], Snapshot], clock: Clock) -> None:
        self._access = access
        self._snapshot = snapshot
        self._clock = clock

    async def settle(self, draft: Draft, message: Message, say: Say) -> bool:
        """Takes the answer, or asks the question. Returns whether there is one to wait for.

        Args:
            draft: its permit and the applicant's side are known.
        """
        person = await self._access.person_for(message.sender, PREFILL)
        self._forget_of_others(draft, person, say)
        answer = draft.get(PREFILL)
        if person is None or answer not in (None, "yes"):
            return False
        profile = await self._access.profile_of(message.sender)
        usable = self._usable(draft, profile) if profile else {}
        if answer is None and usable:
            _ask(usable, say)
            return True
        draft.values[PREFILL] = _SETTLED
        if answer == "yes":
            for slot, value in usable.items():
                draft.set(slot, value)
            draft.values[_FILLED] = " ".join([person, *usable])
            say.line("account.prefilled" if usable else "account.prefill_unavailable")
        return False

    async def of_others(self, sender: str, values: Mapping[str, str]) -> Sequence[str]:
        """The slots that were filled in for somebody who is not signed in any more.

        Args:
            values: of a draft of the sender's.
        """
        return _of_others(values, await self._access.person_for(sender, PREFILL))

    def _forget_of_others(self, draft: Draft, person: Optional[str], say: Say) -> None:
        """Takes back what was filled in for somebody who is not signed in any more."""
        slots = _of_others(draft.values, person)
        if not slots:
            return
        for slot in (*slots, PREFILL, "confirm"):
            draft.clear(slot)
        say.line("account.prefill_ended")

    def _usable(self, draft: Draft, profile: Profile) -> Dict[str, str]:
        """What the profile answers of what has not been answered yet."""
        permit_rules = self._snapshot().permit_rules[draft.values["permit"]]
        now, found = today(self._clock), {}
        born = date.fromisoformat(profile.birthdate) if profile.birthdate else None
        if born and permit_rules.needs_birth_date:
            fault = rules.check_birth_date(born, now) or rules.check_age(permit_rules, born, now)
            found["birth_date"] = "" if fault else born.isoformat()
        given = draft.get("birth_date")
        kinds = permit_rules.documents[draft.values["applicant_side"]]
        on_it = date.fromisoformat(given) if given else born
        found["name"] = rules.check_name(profile.name or "").value
        number = profile.document_number or ""
        checked = rules.check_document(number, kinds, now, on_it)  # type: ignore[arg-type]
        found["document_number"] = checked.value
        found["phone"] = rules.check_phone(profile.phone or "").value
        return {slot: value for slot, value in found.items() if value and not draft.get(slot)}


def _of_others(values: Mapping[str, str], person: Optional[str]) -> Sequence[str]:
    owner, *slots = values.get(_FILLED, "").split() or [""]
    return () if owner in ("", person) else (*slots, _FILLED)


def _ask(usable: Dict[str, str], say: Say) -> None:
    """Shows what would be filled in, masked, and asks whether it may be."""
    for slot, value in usable.items():
        say.detail(slot, shown(slot, value))
    say.ask(PREFILL, "account.ask_prefill")
    say.choice(phrase("yes"), PREFILL, "yes")
    say.choice(phrase("no"), PREFILL, "no")
