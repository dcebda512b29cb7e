"""Changes to Rasa itself. Each has a reason and a test; figures are of Rasa 3.6.21 on two cores.

They take a turn from 10 ms to 4 ms (docs/benchmarks.md). None changes what Rasa does.
"""

from functools import cache
from typing import Any, Dict, List, Optional, Set, Type

import rasa.core.policies.rule_policy
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event

_resolve_event = Event.resolve_by_type
_find_action_from_rules = RulePolicy._find_action_from_rules
_get_possible_keys = RulePolicy._get_possible_keys
#: Kinds of states that are remembered; ours have some hundreds.
_KNOWN_STATES = 10_000


def apply_patches() -> None:
    """Applies all patches; calling it again changes nothing."""
    RemoteAction._validate_action_result = _check_action_result
    Event.resolve_by_type = staticmethod(_event_class)
    rasa.core.processor.DaskGraphRunner = SequentialGraphRunner
    rasa.core.processor.MessageProcessor._check_for_unseen_features = _trust_the_domain
    RulePolicy._find_action_from_rules = _find_action_from_intents
    RulePolicy._get_possible_keys = _remembered_keys
    RulePolicy.format_tracker_states = staticmethod(_no_debug_text)
    rasa.core.processor.copy = rasa.core.policies.rule_policy.copy = _NoCopies


def _check_action_result(self: RemoteAction, result: Dict[str, Any]) -> bool:
    """Checks the shape of an action's result.

    Rasa compiles and runs a JSON schema of every event at each call: 17 ms (RasaHQ/rasa,
    rasa/core/actions/action.py). Our actions run in this process, and the SDK's executor has
    checked their events already.
    """
    for event in result["events"]:
        if not isinstance(event.get("event"), str):
            raise ValueError(f"An event without a type: {event!r}")
    if not all(isinstance(response, dict) for response in result["responses"]):
        raise ValueError("A response is not an object.")
    return True


@cache
def _event_class(type_name: str, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
    """The class of an event type. Rasa walks all subclasses for each event of each tracker."""
    return _resolve_event(type_name, default)


def _trust_the_domain(self: Any, parse_data: Dict[str, Any]) -> None:
    """Leaves out a warning about intents that the domain lacks.

    Rasa builds an empty domain at each message to see whether ours is empty: 0.3 ms. Model and
    domain are trained together here, and ``rasa data validate`` runs in ``make check``.
    """


def _find_action_from_intents(
    self: RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool
) -> "tuple[Optional[str], Optional[str], bool]":
    """Leaves out the search among rules over the very text of a message: no rule of ours is one.

    It is as long as the search by intent, 0.3 ms, and comes before it at every prediction.
    """
    if use_text_for_last_user_input:
        return None, None, False
    return _find_action_from_rules(self, tracker, domain, False)


class _NoCopies:
    """Stands for the module ``copy`` where Rasa copies for debug messages alone, never written.

    Entities, states and the events of each action are copied in full: 0.1 ms a turn.
    """

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def _remembered_keys(
    self: RulePolicy, lookup: Dict[str, str], states: "List[Dict[str, Any]]"
) -> "Set[str]":
    """The rules that apply to a conversation's states, worked out once for each kind of states.

    Rasa compares the states with every rule at every prediction: 0.3 ms of a turn. States hold
    intents, actions and the names of entities, so that there are few kinds of them.
    """
    known = self.__dict__.setdefault("_known_keys", {})
    if len(known) > _KNOWN_STATES:
        known.clear()
    key = (id(lookup), repr(states))
    if key not in known:
        known[key] = _get_possible_keys(self, lookup, states)
    return known[key]


def _no_debug_text(states: Any) -> str:
    """What Rasa writes the states into a debug message with, which nobody reads."""
    return ""


class SequentialGraphRunner(DaskGraphRunner):
    """Runs the prediction graph in one fixed order.

    Dask plans each run anew and writes all inputs, the whole tracker among them, into a debug
    message that nobody reads: 0.6 ms of each of the three runs of a turn.
    """

    def run(
        self,
        inputs: Optional[Dict[str, Any]] = None,
        targets: Optional[List[str]] = None,
    ) -> Dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        done: Dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            if name not in done:
                node = self._instantiated_nodes[name]
                done[name] = node(*(done[need] for need in needs))
        return {name: done[name][1] for name in wanted}

    def _order(self, targets: "tuple[str, ...]") -> "list[tuple[str, tuple[str, ...]]]":
        """The nodes that the targets need, each after those that it needs itself."""
        orders = self.__dict__.setdefault("_orders", {})
        if targets not in orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            order: Dict[str, Any] = {}

            def visit(name: str) -> None:
                if name in nodes and name not in order:
                    needs = tuple(nodes[name].needs.values())
                    for need in needs:
                        visit(need)
                    order[name] = needs

            for target in targets:
                visit(target)
            orders[targets] = list(order.items())
        return orders[targets]
