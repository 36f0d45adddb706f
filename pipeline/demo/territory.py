"""Organisations of the synthetic territory: who there is, how large, how strong. Nobody in it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.ingest.layouts.declared_register import RegisterRow

YEARS = (2022, 2023, 2024, 2025, 2026)
REGION = "Демонстрационная область"
REGION_CODE = 99
MUNICIPALITY = "Демонстрационный муниципальный округ"
MUNICIPALITY_LABEL = f"{MUNICIPALITY}(reg99_m001)"
MUNICIPALITY_CODE = 101
TOWN, SUBURB = "г. Демоград", "пос. Заречный"


@dataclass(frozen=True)
class School:
    """A school: pupils in one parallel, general level (0 is the district's middle, in standard deviations).

    `upper` says whether it has classes 10 and 11; `until` is its last school year, `successor` took its pupils.
    """

    number: int
    name: str
    settlement: str
    parallel: int
    level: float
    upper: bool = True
    until: int = 9999
    successor: int = 0

    @property
    def org_id(self) -> str:
        return f"demo-{self.number:02d}"

    @property
    def login(self) -> str:
        return f"edu990{self.number:03d}"

    @property
    def rcoi(self) -> int:
        return 101000 + self.number

    def exists(self, year: int) -> bool:
        return year <= self.until


@dataclass(frozen=True)
class Kindergarten:
    """A kindergarten: children under three and older."""

    number: int
    name: str
    settlement: str
    under_3: int
    from_3: int
    level: float

    @property
    def org_id(self) -> str:
        return f"demo-ds-{self.number:02d}"


@dataclass(frozen=True)
class Other:
    """An organisation of additional education, or the department itself."""

    org_id: str
    name: str
    org_type: str
    staff: int
    level: float = 0.0


SCHOOLS = (
    School(1, "МБОУ «Гимназия № 1»", TOWN, 92, 0.5),
    School(2, "МБОУ «СОШ № 2»", TOWN, 84, 0.1),
    School(3, "МБОУ «СОШ № 3»", TOWN, 70, 0.0),
    School(4, "МБОУ «СОШ № 4»", TOWN, 58, -0.1),
    School(5, "МБОУ «СОШ № 5»", SUBURB, 46, -0.55),
    School(6, "МБОУ «СОШ № 6»", TOWN, 54, -0.1),
    School(7, "МБОУ «СОШ № 7»", TOWN, 64, 0.1),
    School(8, "МБОУ «СОШ № 8»", TOWN, 104, 0.05),
    School(9, "МБОУ «СОШ № 9»", TOWN, 44, -0.1),
    School(10, "МБОУ «СОШ № 10»", TOWN, 40, 0.05),
    School(11, "МБОУ «СОШ № 11»", TOWN, 32, -0.05, until=2024, successor=12),
    School(12, "МБОУ «СОШ № 12»", TOWN, 56, 0.0),
    School(13, "МБОУ «СОШ № 13»", TOWN, 66, 0.0),
    School(14, "МБОУ «СОШ № 14»", SUBURB, 48, 0.05),
    School(15, "МБОУ «СОШ с. Берёзово»", "с. Берёзово", 34, -0.05),
    School(16, "МБОУ «СОШ с. Лесное»", "с. Лесное", 30, 0.0),
    School(17, "МБОУ «ООШ с. Полевое»", "с. Полевое", 12, -0.1, upper=False),
    School(18, "МБОУ «ООШ д. Дальняя»", "д. Дальняя", 7, 0.1, upper=False),
)
KINDERGARTENS = (
    Kindergarten(1, "МБДОУ «Детский сад № 1»", TOWN, 62, 238, 0.3),
    Kindergarten(2, "МБДОУ «Детский сад № 2»", TOWN, 54, 216, 0.0),
    Kindergarten(3, "МБДОУ «Детский сад № 3»", TOWN, 70, 274, 0.1),
    Kindergarten(4, "МБДОУ «Детский сад № 4»", TOWN, 48, 190, -0.2),
    Kindergarten(5, "МБДОУ «Детский сад № 5»", SUBURB, 36, 142, -0.1),
    Kindergarten(6, "МБДОУ «Детский сад с. Берёзово»", "с. Берёзово", 18, 66, 0.0),
    Kindergarten(7, "МБДОУ «Детский сад с. Полевое»", "с. Полевое", 9, 31, -0.3),
)
ADDITIONAL = (
    Other("demo-ddt", "МБУ ДО «Дом детского творчества»", "организация дополнительного образования", 34, 0.2),
    Other("demo-sport", "МБУ ДО «Спортивная школа»", "организация дополнительного образования", 22),
)
DEPARTMENT = Other("demo-uo", "Управление образования (вымышленное)", "управление образования", 0)


def schools(year: int) -> tuple[School, ...]:
    """Schools that work in a school year."""
    return tuple(school for school in SCHOOLS if school.exists(year))


def register_rows() -> Iterator[RegisterRow]:
    """The register as the department keeps it: the closed school stays with the day it closed."""
    for school in SCHOOLS:
        yield RegisterRow(
            org_id=school.org_id,
            name=school.name,
            org_type="общеобразовательная организация",
            fisoko=school.login,
            rcoi=str(school.rcoi),
            settlement=school.settlement,
            valid_to="" if school.exists(YEARS[-1]) else f"{school.until}-08-31",
        )
    for garden in KINDERGARTENS:
        yield RegisterRow(
            garden.org_id, garden.name, "дошкольная образовательная организация", settlement=garden.settlement
        )
    for other in (*ADDITIONAL, DEPARTMENT):
        yield RegisterRow(other.org_id, other.name, other.org_type, settlement=TOWN)
