"""Personal data at the door: pseudonyms of pupils and the columns that must not pass.

A pseudonym is an HMAC-SHA-256 under a local key. It stays personal data while the key exists, so the key lies in the
workspace, never in the repository or in a report, and nothing is ordered by pseudonyms.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path

from pipeline.errors import Place, WorkspaceError

KEY_BYTES = 32
DIGITS = 20

_PERSONAL = re.compile(
    r"""
    \b(фамилия|имя|отчество|фио|ф\s*и\s*о|снилс|паспорт\w*|наставник\w*|телефон\w*|e-?mail|емейл)\b
    | \bэл\w*\s+почт\w* | \bдат\w*\s+рождения\b | \bадрес\s+(проживания|регистрации|жительства)
    | ^документ\b | ^серия\b | ^номер$ | \bномер\s+документа\b | ^(учитель|педагог|родитель|тренер|руководитель)\b
    | surname | ^(first|second|last|middle)?_?name(cell)?$ | secondnamecell | patronymic
    | documentseries | documentnumber | birth | passport | snils | \bphone\b
    """,
    re.VERBOSE,
)
_NOT_PERSONAL = re.compile(r"\b(имя файла|фио\w* не)\b")


class Pseudonyms:
    """Maker of pseudonyms under one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key must have {KEY_BYTES} bytes")
        self._key = key

    def __repr__(self) -> str:
        return "Pseudonyms(…)"

    def of(self, *parts: str) -> str:
        """The pseudonym of what names one pupil: 20 hexadecimal digits.

        Parts are compared without regard to case, outer spaces and Unicode form; their borders count.
        """
        message = json.dumps([_plain(part) for part in parts], ensure_ascii=False).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:DIGITS]


def _plain(part: str) -> str:
    folded = unicodedata.normalize("NFC", part).strip().casefold()
    return unicodedata.normalize("NFC", folded)


def is_personal(header: str) -> bool:
    """True when the header of a column promises names, documents or contacts of people."""
    plain = " ".join(re.sub(r"[.,:;*]", " ", header).lower().split())
    return bool(_PERSONAL.search(plain)) and not _NOT_PERSONAL.search(plain)


def load_or_create_key(path: Path) -> bytes:
    """The key of this workspace; made on first use, readable by its owner only.

    Two runs that start together get the same key: it is written aside whole and then linked into place.
    """
    try:
        if not path.exists():
            _create(path)
        key = path.read_bytes()
    except OSError as error:
        raise WorkspaceError(
            "Ключ псевдонимов не читается или не создаётся.",
            place=Place(path.name),
            advice="проверьте права на папку «.msoko» в рабочей папке и место на диске.",
        ) from error
    if len(key) != KEY_BYTES:
        raise WorkspaceError(
            "Ключ псевдонимов испорчен: его длина неверна.",
            place=Place(path.name),
            advice="восстановите файл из резервной копии; с новым ключом псевдонимы участников станут другими.",
        )
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
