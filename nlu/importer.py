"""Hands the knowledge to Rasa's training: questions as examples, phrases as replies."""

import re
from typing import Any, Dict, List, Optional, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from core.settings import ROOT, load_settings
from knowledge.loader import load_files, snapshot
from knowledge.model import Snapshot
from nlu.retrieval.limit import most_asked

#: Questions taken from each entry and language: enough to show what an enquiry sounds like,
#: without drowning the other intents.
_PER_ENTRY = 6


class KnowledgeImporter(TrainingDataImporter):
    """Reads the content folder of the settings."""

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Optional[Union[List[str], str]] = None,
        **kwargs: Any,
    ) -> None:
        folder = load_settings().knowledge_dir
        self._snapshot: Snapshot = most_asked(snapshot(load_files(folder), folder))

    def get_domain(self) -> Domain:
        """The replies that rules say; their words come from the live knowledge when they do."""
        rules = "\n".join(path.read_text() for path in (ROOT / "bot" / "rules").glob("*.yml"))
        said = set(re.findall(r"action: (utter_\w+)", rules)) & set(self._snapshot.phrases)
        return Domain.from_dict({"responses": {key: [{"text": key}] for key in sorted(said)}})

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> Dict:
        return {}

    def get_config_file_for_auto_config(self) -> Optional[str]:
        return None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        # A set, because two entries may share a short line that is an enquiry either way.
        lines: Dict[str, None] = {}
        for entry in self._snapshot.entries.values():
            for questions in entry.questions.values():
                step = max(1, len(questions) // _PER_ENTRY)
                lines.update(dict.fromkeys(questions[::step][:_PER_ENTRY]))
        return TrainingData([Message({TEXT: line, INTENT: "enquire"}) for line in lines])
