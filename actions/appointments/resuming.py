"""Coming back to a booking that was left: the questions whether to, and what answers them."""

from actions.appointments.draft import Draft
from actions.appointments.kept import Kept
from actions.appointments.message import Message
from actions.appointments.say import Say, phrase

#: Asked of somebody who begins anew what was left, and after another task that came between.
RESUME, GO_ON = "resume", "go_on"
#: Nothing of the booking itself is asked now.
LEFT = (None, RESUME, GO_ON)


def ask_to_resume(draft: Draft, say: Say) -> Draft:
    """Asks whether to go on with a booking, or to begin another one."""
    permit = draft.get("permit")
    if permit:
        say.ask(RESUME, "unfinished", permit={"permit": permit})
    else:
        say.ask(RESUME, "unfinished_plain")
    say.choice(phrase("button_go_on"), RESUME, "yes")
    say.choice(phrase("button_start_anew"), RESUME, "no")
    return draft


def ask_to_go_on(draft: Draft, say: Say) -> Draft:
    """Asks whether to go on with a booking now that what came between is done."""
    commands, permit = list(say.choices), draft.get("permit")
    if permit:
        say.ask(GO_ON, "ask_go_on", permit={"permit": permit})
    else:
        say.ask(GO_ON, "ask_go_on_plain")
    say.choice(phrase("button_go_on"), GO_ON, "yes")
    say.command("button_stop", "stop")
    say.choices += [one for one in commands if one not in say.choices]
    return draft


def ask_again(draft: Draft, say: Say) -> Draft:
    """Asks whichever of the two was asked."""
    return ask_to_go_on(draft, say) if draft.asked == GO_ON else ask_to_resume(draft, say)


def resumes(draft: Draft, message: Message) -> bool:
    """Whether a message goes on with what was left, though no form is open."""
    return draft.asked in (RESUME, GO_ON) or bool(
        message.tapped and message.tapped[0] in (RESUME, GO_ON)
    )


def close(kept: Kept, message: Message, say: Say) -> None:
    """After a task: goes back to the booking that was put aside for it, and asks about that.

    Who said “stop”, or could not be served, is asked when he comes back.
    """
    if not say.over:
        return
    ended = kept.draft if say.keeps else None
    aside = kept.take_back()
    kept.draft = aside or ended
    stops = say.keeps or message.intent in ("stop", "goodbye")
    if aside and aside.asked and not stops:
        ask_to_go_on(aside, say)
        say.over = False
