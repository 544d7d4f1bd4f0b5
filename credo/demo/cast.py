"""Who and what the demo is about: invented customers, colleagues, lamps, places."""

from __future__ import annotations

import random
from dataclasses import dataclass

from credo.base.ids import fold


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at Lumen Lamps; `works` names mailboxes, the first one is where they answer."""

    key: str
    name: str
    role: str
    teams: tuple[str, ...]
    works: tuple[str, ...]
    speaks: tuple[str, ...]

    @property
    def first(self) -> str:
        """The name customers know."""
        return self.name.split()[0]

    @property
    def email(self) -> str:
        """Their address, which is also their sign-in."""
        return f"{self.key}@lumen.example"


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who writes. `manners` is how their mail program writes: signature, HTML, quoting."""

    name: str
    address: str
    language: str
    formal: str
    city: str
    manners: str
    company: str = ""

    @property
    def first(self) -> str:
        """What friends call them."""
        return self.name.split()[0]


COLLEAGUES = (
    Colleague("maya", "Maya Lindqvist", "admin", ("Leads",), ("care", "trade"), ("en", "de", "es", "fr")),
    Colleague("tom", "Tom Berger", "lead", ("Trade desk", "Leads"), ("trade", "care"), ("de", "en")),
    Colleague("ines", "Ines Duarte", "agent", ("Care",), ("care",), ("es", "en", "de")),
    Colleague("ana", "Ana Kowalska", "agent", ("Care",), ("care",), ("de", "en")),
    Colleague("jonas", "Jonas Weber", "agent", ("Care",), ("care",), ("de", "en")),
    Colleague("camille", "Camille Roux", "agent", ("Trade desk", "Care"), ("trade", "care"), ("fr", "en", "es", "de")),
)

LAMPS = ("Solveig", "Lykke", "Fjell", "Tuva", "Runa", "Alma", "Ida", "Birk")
KINDS = {
    "en": (
        "pendant",
        "table lamp",
        "floor lamp",
        "reading lamp",
        "ceiling light",
        "wall light",
        "desk lamp",
        "lantern",
    ),
    "de": (
        *("Pendelleuchte", "Tischleuchte", "Stehleuchte", "Leseleuchte", "Deckenleuchte", "Wandleuchte"),
        *("Schreibtischleuchte", "Laterne"),
    ),
    "es": (
        *("lámpara colgante", "lámpara de mesa", "lámpara de pie", "lámpara de lectura", "lámpara de techo"),
        *("lámpara de pared", "lámpara de escritorio", "lámpara de jardín"),
    ),
    "fr": (
        *(
            "suspension",
            "lampe de table",
            "lampe à poser",
            "liseuse",
            "lampe de plafond",
            "applique",
            "lampe de bureau",
        ),
        "lanterne",
    ),
}
ROOMS = {
    "en": (
        *("over the dining table", "in the hallway", "in the bedroom", "above the kitchen counter", "in my study"),
        *("in the reading corner", "in the children's room", "on the landing", "by the piano", "in the living room"),
    ),
    "de": (
        *("über dem Esstisch", "im Flur", "im Schlafzimmer", "über der Küchenzeile", "in der Leseecke"),
        *("im Kinderzimmer", "im Arbeitszimmer", "neben dem Klavier", "im Treppenhaus", "im Wohnzimmer"),
    ),
    "es": (
        *("en el salón", "en el dormitorio", "sobre la mesa del comedor", "en el recibidor", "en el estudio"),
        *("en el cuarto de los niños", "en la cocina", "junto al sillón de lectura"),
    ),
    "fr": (
        *("au-dessus de la table", "dans l'entrée", "dans la chambre", "dans mon bureau", "au salon", "près du canapé"),
        "dans la cuisine",
    ),
}
DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
}
CARRIERS = ("Paketfuchs", "NordPost", "Stadtkurier Blau", "Velo & Van", "Transporte Rápido 24")
CITIES = {
    "en": (
        *("Dublin", "Leeds", "Bristol", "Utrecht", "Copenhagen", "Edinburgh", "Gothenburg", "Cork", "Ghent", "Oslo"),
        *("Rotterdam", "Cardiff", "Turku"),
    ),
    "de": (
        *("Leipzig", "Hamburg", "Graz", "Köln", "Freiburg", "Bern", "Kassel", "Potsdam", "Linz", "Mainz", "Bremen"),
        *("Jena", "Konstanz"),
    ),
    "es": ("Valencia", "Bilbao", "Granada", "Zaragoza", "Girona", "Cádiz", "Salamanca"),
    "fr": ("Lyon", "Nantes", "Bruxelles", "Lausanne", "Rennes", "Strasbourg"),
}
STREETS = {
    "en": ("14 Harbour Lane", "3 Mill Court", "27b Orchard Street", "The Old Forge, Ash Road", "9 Canal Walk"),
    "de": ("Lindenweg 14", "Am Alten Hafen 3", "Gartenstraße 27 b", "Kirchgasse 9", "Ulmenallee 112"),
    "es": ("calle del Olmo 14, 2.º B", "plaza del Grano 3", "avenida de la Estación 27", "calle Larga 9"),
    "fr": ("14 rue des Tilleuls", "3 quai du Canal", "27 bis avenue des Arts"),
}
_FIRST = {
    "en": (
        *(
            "Mrs Grace",
            "Mr Daniel",
            "Ms Niamh",
            "Mr Oliver",
            "Ms Freja",
            "Mr Lars",
            "Ms Imogen",
            "Mr Callum",
            "Ms Aisha",
        ),
        *(
            "Mr Rohan",
            "Ms Saoirse",
            "Mr Pieter",
            "Ms Femke",
            "Mr Anders",
            "Ms Moira",
            "Mr Kwame",
            "Ms Joanna",
            "Mr Theo",
        ),
    ),
    "de": (
        *(
            "Frau Sabine",
            "Herr Matthias",
            "Frau Elif",
            "Herr Jens",
            "Frau Katrin",
            "Herr Murat",
            "Frau Heike",
            "Herr Ole",
        ),
        *("Frau Mareike", "Herr Dieter", "Frau Annika", "Herr Florian", "Frau Gudrun", "Herr Emre", "Frau Lisbeth"),
    ),
    "es": (
        *(
            "Sra. Beatriz",
            "Sr. Javier",
            "Sra. Nuria",
            "Sr. Ignacio",
            "Sra. Pilar",
            "Sr. Mateo",
            "Sra. Ainhoa",
            "Sr. Rubén",
        ),
    ),
    "fr": ("Madame Solène", "Monsieur Étienne", "Madame Inès", "Monsieur Baptiste", "Madame Odile", "Monsieur Karim"),
}
_LAST = {
    "en": (
        *(
            "Whitlock",
            "Osborne",
            "Ní Bhriain",
            "Hartley",
            "Sørensen",
            "van der Meer",
            "Achebe",
            "Lindholm",
            "Pemberton",
        ),
        *("MacInnes", "Rao", "Dekker", "Fairweather", "Okafor", "Holm", "Brannigan", "Castell", "Ashdown", "Virtanen"),
    ),
    "de": (
        *(
            "Brandt",
            "Yılmaz",
            "Hoffmeister",
            "Krüger",
            "Lehnert",
            "Öztürk",
            "Petersen",
            "Rademacher",
            "Schönfeld",
            "Thiel",
        ),
        *("Wiesner", "Zander", "Ahrens", "Böhm", "Dietz", "Eichhorn", "Fuchs", "Gerlach"),
    ),
    "es": ("Nogueira", "Iturralde", "Cabrera", "Sanchís", "Lozano", "Quintana", "Marín", "Echeverría", "Peñalver"),
    "fr": ("Marchand", "Delorme", "Benali", "Vasseur", "Lacroix", "Perrin", "Thibault"),
}
_COMPANIES = {
    "en": (
        "Harbour & Hale Architects",
        "The Copper Kettle",
        "Northlight Interiors",
        "Bellweather Hotels",
        "Studio Quay",
    ),
    "de": (
        "Praxis am Markt",
        "Planwerk Süd",
        "Gasthof Drei Linden",
        "Büro Nordlicht",
        "Elektro Wendt",
        "Hotel Seeblick",
    ),
    "es": ("Estudio Albor", "Casa Marea", "Hotel La Ribera", "Taller de Interiores Nava"),
    "fr": ("Atelier Clairvoie", "Hôtel du Passage", "Maison Verlaine"),
}
_MANNERS = ("plain", "plain", "phone", "web", "web", "office", "signed")


def customers(pick: random.Random) -> dict[tuple[str, str], list[Customer]]:
    """Invented customers by language and mailbox; those of the trade desk have a company."""
    found: dict[tuple[str, str], list[Customer]] = {}
    for language, cities in CITIES.items():
        names = [f"{first} {last}" for first in _FIRST[language] for last in _LAST[language]]
        pick.shuffle(names)
        many = {"en": 70, "de": 50, "es": 24, "fr": 10}[language]
        found[language, "care"] = [_private(name, language, pick.choice(cities), pick) for name in names[:many]]
        found[language, "trade"] = [
            _business(name, language, pick.choice(cities), company)
            for name, company in zip(names[many:], _COMPANIES[language], strict=False)
        ]
    return found


def _private(titled: str, language: str, city: str, pick: random.Random) -> Customer:
    title, first, last = titled.split(" ", 2)
    plain = [fold(part).replace(" ", "").replace("ı", "i") for part in (first, last)]
    local = pick.choice(
        (f"{plain[0]}.{plain[1]}", f"{plain[0][0]}.{plain[1]}", f"{plain[1]}.{plain[0]}", "".join(plain))
    )
    domain = pick.choice(("example.com", "example.org", "example.net", "mail.example", "post.example"))
    return Customer(f"{first} {last}", f"{local}@{domain}", language, f"{title} {last}", city, pick.choice(_MANNERS))


def _business(titled: str, language: str, city: str, company: str) -> Customer:
    title, first, last = titled.split(" ", 2)
    domain = "".join(c if c.isalnum() else "-" for c in fold(company)).strip("-").replace("--", "-")
    address = f"{fold(first)}@{domain}.example"
    return Customer(f"{first} {last}", address, language, f"{title} {last}", city, "office", company)
