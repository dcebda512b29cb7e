"""One account of ours at WeChat, a mini program or a service account, and what it is called."""

from dataclasses import dataclass, field
from functools import partial
from typing import Callable, Optional, Tuple

from channels.wechat.http import NotSent
from channels.wechat.mini_program import MiniProgram
from channels.wechat.simulator.address import simulator_base
from core.settings import Environment, Settings
from core.wechat_settings import AccountSettings, Format, Kind, Mode

CHANNEL = "wechat"
PLATFORM = "https://api.weixin.qq.com"
#: Where the platform pushes to; further accounts have their names behind it.
WEBHOOK = "/webhooks/wechat/webhook"


@dataclass(frozen=True)
class Account:
    """An account.

    Args:
        app_id: the platform's id of the account.
        secret: what access tokens are asked for with.
        tokens: what pushes are signed with, the newest first; several while one is changed.
        aes_keys: the EncodingAESKeys, the newest first; none in plain mode.
        mode: “safe”, “compat” or “plain”: how pushes are encrypted.
        format: “xml” or “json”: how replies are written.
        kind: “service_account” or “miniprogram”.
        api_base: where the platform's API answers; None where a stand-in alone does.
        name: what stands behind the path of the webhook; empty for the only account.
        mini_program: whose pages open from links of ours, if there is one.
        reminder_template: the subscribe message of reminders, as ``template.py`` reads it.
        stand_in: tells where a stand-in of the platform answers now, if one does.
    """

    app_id: str
    secret: str = field(repr=False)
    tokens: Tuple[str, ...] = field(repr=False)
    aes_keys: Tuple[str, ...] = field(repr=False)
    mode: Mode = "safe"
    format: Format = "xml"
    kind: Kind = "service_account"
    api_base: Optional[str] = PLATFORM
    name: str = ""
    reminder_template: Optional[str] = None
    mini_program: Optional[MiniProgram] = None
    stand_in: Optional[Callable[[], Optional[str]]] = field(default=None, repr=False, compare=False)

    @property
    def base(self) -> str:
        """Where the platform's API answers now.

        Raises:
            NotSent: nowhere: it is the stand-in's part, and none runs.
        """
        base = self.stand_in() if self.stand_in else self.api_base
        if base is None:
            raise NotSent("no_simulator")
        return base

    @property
    def is_reachable(self) -> bool:
        """Whether the platform can be spoken to at all now."""
        return self.stand_in is None or self.stand_in() is not None


def accounts_of(settings: Settings) -> Tuple[Account, ...]:
    """All accounts that are set; the channel is off when there is none.

    In a demonstration, an account whose ``API_BASE`` is not set speaks to the simulator while one
    runs (``onestop simulate wechat``), and to nobody else: its secrets may be made up.
    """
    demo = settings.env is Environment.DEMO
    stand_in = partial(simulator_base, settings.data_dir) if demo else None
    return tuple(
        Account(
            app_id=one.appid,
            secret=one.secret.get_secret_value(),
            tokens=one.tokens,
            aes_keys=one.aes_keys,
            mode=one.mode,
            format=one.format,
            kind=one.kind,
            api_base=one.api_base or (None if demo else PLATFORM),
            name=one.name,
            reminder_template=one.reminder_template,
            mini_program=_mini_program(one, settings),
            stand_in=None if one.api_base else stand_in,
        )
        for one in settings.wechat
    )


def _mini_program(one: AccountSettings, settings: Settings) -> Optional[MiniProgram]:
    return MiniProgram.parse(one.mini_program, settings.public_url) if one.mini_program else None
