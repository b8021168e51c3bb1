"""A person who signs in."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Flag, RowId


class Staff(Base):
    """Roles: representative, supervisor, translator, approver, officer, clerk, admin.

    A new `session_epoch` signs every browser out.
    """

    __tablename__ = "staff"

    id: Mapped[RowId]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)  # spoken with callers
    queues: Mapped[list[str]] = mapped_column(default=list)
    screen_language: Mapped[str] = mapped_column(default="en")
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    must_change_password: Mapped[Flag]  # somebody else has chosen it
    second_factor: Mapped[str | None]  # sealed secret of the person's app; None while there is none
    # Number of the half minute whose code was taken last: no code opens twice.
    second_factor_step: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    email: Mapped[str | None] = mapped_column(unique=True)  # by which single sign-on knows them the first time
    sso_subject: Mapped[str | None] = mapped_column(unique=True)  # by which it knows them from then on
    telephone: Mapped[str | None]  # their own, E.164: rung first when they ring a citizen
    telephone_confirmed_at: Mapped[datetime | None]  # they have keyed in on it what their screen showed

    def forget_telephone(self) -> None:
        """Keep their own number no longer."""
        self.telephone = self.telephone_confirmed_at = None

    def has_role(self, *roles: str) -> bool:
        """True if this person holds one of `roles`."""
        return not set(roles).isdisjoint(self.roles)
