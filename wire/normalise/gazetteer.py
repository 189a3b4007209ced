"""Countries with their ISO 3166-1 alpha-2 codes, capitals and large cities: names as copy spells them.

A table of our own, kept small: one country a line, ``code name=other names|cities``, the capital first.
Adjectives are no names ("Iraqi"). Names that are also people's or things' carry a ``?``: they count only
where the words around them speak of a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_TABLE = """
AF Afghanistan|Kabul,Kandahar,Herat
AL Albania=Albanien=Albanie|Tirana
DZ Algeria=Algerien=Algérie=Argelia|Algiers,Oran
AD Andorra|Andorra la Vella
AO Angola|Luanda
AR Argentina=Argentinien=Argentine|Buenos Aires,Rosario
AM Armenia=Armenien=Arménie|Yerevan
AU Australia=Australien=Australie|Canberra,Sydney?,Melbourne,Brisbane,Perth,Adelaide?
AT Austria=Österreich=Autriche|Vienna=Wien,Salzburg,Graz,Innsbruck
AZ Azerbaijan=Aserbaidschan|Baku
BS Bahamas|Nassau
BH Bahrain|Manama
BD Bangladesh=Bangladesch|Dhaka,Chittagong
BB Barbados|Bridgetown
BY Belarus=Weißrussland|Minsk
BE Belgium=Belgien=Belgique=Bélgica=België|Brussels=Brüssel=Bruxelles=Bruselas,Antwerp=Antwerpen,Ghent
BZ Belize|Belmopan
BJ Benin|Porto-Novo,Cotonou
BT Bhutan|Thimphu
BO Bolivia=Bolivien|La Paz,Sucre
BA Bosnia and Herzegovina=Bosnia=Bosnien|Sarajevo
BW Botswana|Gaborone
BR Brazil=Brasilien=Brésil=Brasil|Brasilia=Brasília,São Paulo=Sao Paulo,Rio de Janeiro
BN Brunei|Bandar Seri Begawan
BG Bulgaria=Bulgarien=Bulgarie|Sofia?
BF Burkina Faso|Ouagadougou
BI Burundi|Bujumbura,Gitega
KH Cambodia=Kambodscha|Phnom Penh
CM Cameroon=Kamerun=Cameroun|Yaounde=Yaoundé,Douala
CA Canada=Kanada=Canadá|Ottawa,Toronto,Montreal=Montréal,Vancouver,Calgary,Edmonton,Winnipeg
CV Cape Verde=Cabo Verde|Praia
CF Central African Republic|Bangui
TD Chad?=Tschad=Tchad|N'Djamena
CL Chile=Chili?|Santiago?,Valparaiso=Valparaíso
CN China=Chine|Beijing=Peking=Pékin=Pekín,Shanghai,Shenzhen,Guangzhou,Wuhan,Chongqing,Chengdu
CO Colombia=Kolumbien=Colombie|Bogota=Bogotá,Medellin=Medellín,Cali
KM Comoros|Moroni
CG Republic of Congo=Congo-Brazzaville|Brazzaville
CD Democratic Republic of Congo=Democratic Republic of the Congo=DR Congo=Congo|Kinshasa,Goma,Lubumbashi
CR Costa Rica|San José=San Jose?
CI Ivory Coast=Côte d'Ivoire=Cote d'Ivoire=Elfenbeinküste|Abidjan,Yamoussoukro
HR Croatia=Kroatien=Croatie=Croacia|Zagreb,Split?
CU Cuba=Kuba|Havana=La Habana
CY Cyprus=Zypern=Chypre=Chipre|Nicosia
CZ Czech Republic=Czechia=Tschechien|Prague=Prag?,Brno
DK Denmark=Dänemark=Danemark=Dinamarca=Danmark|Copenhagen=Kopenhagen=København,Aarhus
DJ Djibouti|-
DM Dominica|Roseau
DO Dominican Republic|Santo Domingo
EC Ecuador|Quito,Guayaquil
EG Egypt=Ägypten=Égypte=Egipto|Cairo=Kairo,Alexandria
SV El Salvador|San Salvador
GQ Equatorial Guinea|Malabo
ER Eritrea|Asmara
EE Estonia=Estland=Estonie|Tallinn,Tartu
SZ Eswatini=Swaziland|Mbabane
ET Ethiopia=Äthiopien=Éthiopie=Etiopía|Addis Ababa
FJ Fiji|Suva
FI Finland=Finnland=Finlande=Finlandia=Suomi|Helsinki,Tampere,Turku
FR France=Frankreich=Francia|Paris?,Marseille,Lyon,Toulouse,Nice?,Strasbourg,Lille,Bordeaux,Nantes
GA Gabon|Libreville
GM Gambia|Banjul
GE Georgia?=Georgien|Tbilisi
DE Germany=Deutschland=Allemagne=Alemania=Germania|Berlin,Hamburg,Munich=München,Frankfurt,Cologne=Köln,Stuttgart,Leipzig,Dresden,Düsseldorf
GH Ghana|Accra,Kumasi
GR Greece=Griechenland=Grèce=Grecia|Athens=Athen,Thessaloniki
GD Grenada|St George's
GT Guatemala|Guatemala City
GN Guinea=Guinée|Conakry
GW Guinea-Bissau|Bissau
GY Guyana|Georgetown
HT Haiti|Port-au-Prince
HN Honduras|Tegucigalpa
HK Hong Kong|-
HU Hungary=Ungarn=Hongrie=Hungría|Budapest
IS Iceland=Island?=Islande|Reykjavik=Reykjavík
IN India=Indien=Inde|New Delhi=Delhi,Mumbai,Kolkata,Chennai,Bengaluru=Bangalore,Hyderabad
ID Indonesia=Indonesien|Jakarta,Surabaya,Bandung
IR Iran=Irán|Tehran=Teheran,Isfahan,Mashhad
IQ Iraq=Irak|Baghdad=Bagdad,Basra,Mosul,Erbil
IE Ireland=Irland=Irlande=Irlanda|Dublin,Cork?
IL Israel?=Israël|Jerusalem,Tel Aviv,Haifa
IT Italy=Italien=Italie=Italia|Rome=Rom?=Roma,Milan=Milano,Naples?,Turin,Venice,Florence?,Palermo
JM Jamaica=Jamaika|Kingston?
JP Japan=Japon=Japón|Tokyo=Tokio,Osaka,Kyoto,Hiroshima,Nagasaki,Sapporo
JO Jordan?=Jordanien=Jordanie=Jordania|Amman
KZ Kazakhstan=Kasachstan|Astana,Almaty
KE Kenya=Kenia|Nairobi,Mombasa
KI Kiribati|Tarawa
XK Kosovo|Pristina
KW Kuwait|Kuwait City
KG Kyrgyzstan=Kirgistan|Bishkek
LA Laos|Vientiane
LV Latvia=Lettland=Lettonie=Letonia|Riga
LB Lebanon=Libanon=Liban=Líbano|Beirut,Tripoli?
LS Lesotho|Maseru
LR Liberia|Monrovia
LY Libya=Libyen=Libye=Libia|Benghazi
LI Liechtenstein|Vaduz
LT Lithuania=Litauen=Lituanie=Lituania|Vilnius,Kaunas
LU Luxembourg=Luxemburg|-
MG Madagascar|Antananarivo
MW Malawi|Lilongwe
MY Malaysia|Kuala Lumpur
MV Maldives|-
ML Mali|Bamako,Timbuktu
MT Malta|Valletta
MH Marshall Islands|Majuro
MR Mauritania|Nouakchott
MU Mauritius|Port Louis
MX Mexico=Mexiko=Mexique=México|Mexico City,Guadalajara,Monterrey,Tijuana
FM Micronesia|-
MD Moldova=Moldau|Chisinau
MC Monaco|Monte Carlo
MN Mongolia|Ulaanbaatar
ME Montenegro|Podgorica
MA Morocco=Marokko=Maroc=Marruecos|Rabat,Casablanca,Marrakech
MZ Mozambique|Maputo
MM Myanmar=Burma|Naypyidaw,Yangon
NA Namibia|Windhoek
NR Nauru|-
NP Nepal|Kathmandu
NL Netherlands=Niederlande=Pays-Bas=Países Bajos=Nederland|Amsterdam,Rotterdam,The Hague=Den Haag,Utrecht
NZ New Zealand=Neuseeland|Wellington?,Auckland,Christchurch
NI Nicaragua|Managua
NE Niger|Niamey
NG Nigeria|Abuja,Lagos,Kano
KP North Korea=Nordkorea=Corée du Nord|Pyongyang
MK North Macedonia=Nordmazedonien|Skopje
NO Norway=Norwegen=Norvège=Noruega=Norge|Oslo,Bergen?,Trondheim
OM Oman|Muscat
PK Pakistan|Islamabad,Karachi,Lahore,Peshawar
PW Palau|-
PS Palestine=Gaza Strip=West Bank=Gaza|Ramallah,Gaza City,Rafah
PA Panama|Panama City
PG Papua New Guinea|Port Moresby
PY Paraguay|Asuncion=Asunción
PE Peru=Perú|Lima?,Cusco
PH Philippines=Philippinen|Manila,Davao
PL Poland=Polen=Pologne=Polonia=Polska|Warsaw=Warschau=Varsovie=Warszawa,Krakow=Kraków,Gdansk=Gdańsk
PT Portugal|Lisbon=Lissabon=Lisboa,Porto
QA Qatar=Katar|Doha
RO Romania=Rumänien=Roumanie=Rumania|Bucharest=Bukarest
RU Russia=Russian Federation=Russland=Rußland=Russie=Rusia=Россия|Moscow=Moskau=Moscou=Moscú=Москва,St. Petersburg,Novosibirsk,Vladivostok
RW Rwanda=Ruanda|Kigali
KN Saint Kitts and Nevis|Basseterre
LC Saint Lucia|Castries
WS Samoa|Apia
SM San Marino|-
SA Saudi Arabia=Saudi-Arabien=Arabie saoudite|Riyadh=Riad,Jeddah,Mecca
SN Senegal=Sénégal|Dakar
RS Serbia=Serbien=Serbie|Belgrade=Belgrad,Novi Sad
SC Seychelles|-
SL Sierra Leone|Freetown
SG Singapore=Singapur|-
SK Slovakia=Slowakei=Slovaquie|Bratislava
SI Slovenia=Slowenien=Slovénie|Ljubljana
SB Solomon Islands|Honiara
SO Somalia|Mogadishu
ZA South Africa=Südafrika=Afrique du Sud|Pretoria,Johannesburg,Cape Town,Durban
KR South Korea=Südkorea=Corée du Sud|Seoul,Busan,Incheon
SS South Sudan=Südsudan|Juba
ES Spain=Spanien=Espagne=España|Madrid,Barcelona,Valencia,Seville=Sevilla,Bilbao
LK Sri Lanka|Colombo?
SD Sudan|Khartoum
SR Suriname|Paramaribo
SE Sweden=Schweden=Suède=Suecia=Sverige|Stockholm,Gothenburg=Göteborg,Malmö
CH Switzerland=Schweiz=Suisse=Suiza=Svizzera|Bern?,Zurich=Zürich,Geneva=Genf=Genève,Basel,Lausanne
SY Syria=Syrien=Syrie=Siria|Damascus=Damaskus,Aleppo,Homs,Idlib
TW Taiwan|Taipei
TJ Tajikistan|Dushanbe
TZ Tanzania|Dodoma,Dar es Salaam
TH Thailand=Thaïlande|Bangkok,Chiang Mai
TL East Timor=Timor-Leste|Dili
TG Togo|Lome=Lomé
TO Tonga|Nuku'alofa
TT Trinidad and Tobago|Port of Spain
TN Tunisia=Tunesien=Tunisie=Túnez|Tunis
TR Turkey?=Türkiye=Türkei=Turquie=Turquía|Ankara,Istanbul,Izmir
TM Turkmenistan|Ashgabat
TV Tuvalu|-
UG Uganda|Kampala
UA Ukraine=Ucrania=Ucraina=Украина|Kyiv=Kiev=Kiew=Киев=Київ,Kharkiv,Odesa=Odessa,Lviv,Donetsk,Mariupol
AE United Arab Emirates=UAE|Abu Dhabi,Dubai
GB United Kingdom=Britain=Great Britain=UK=U.K.=Großbritannien=Royaume-Uni=Reino Unido=Northern Ireland=England=Scotland=Wales|London,Manchester,Birmingham,Liverpool,Leeds,Glasgow,Edinburgh,Belfast,Cardiff,Bristol
US United States=United States of America=U.S.=US=USA=U.S.A.=Vereinigte Staaten=États-Unis=Etats-Unis=Estados Unidos=Stati Uniti|Washington?,New York=New York City,Los Angeles,Chicago,Houston?,Philadelphia,San Francisco,Boston,Seattle,Atlanta,Miami,Dallas?,Detroit,Las Vegas,Denver?
UY Uruguay|Montevideo
UZ Uzbekistan|Tashkent
VU Vanuatu|Port Vila
VA Vatican City=Vatican=Vatikan|-
VE Venezuela|Caracas,Maracaibo
VN Vietnam=Viet Nam|Hanoi,Ho Chi Minh City
YE Yemen=Jemen=Yémen|Sanaa=Sana'a,Aden
ZM Zambia=Sambia|Lusaka
ZW Zimbabwe=Simbabwe|Harare
"""  # noqa: E501  # one country a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country, or a city in one."""

    name: str  #: in English
    country: str  #: ISO 3166-1 alpha-2
    is_country: bool
    doubtful: bool  #: the spelling is also a person's name or a common word


@cache
def places() -> Mapping[str, Place]:
    """Every spelling in the table, with the place it names."""
    return dict(_entries())


@cache
def spellings_by_first_word() -> Mapping[str, tuple[str, ...]]:
    """The spellings that begin with a word, longest first."""
    grouped: dict[str, list[str]] = {}
    for spelling in places():
        grouped.setdefault(spelling.split(" ", 1)[0], []).append(spelling)
    return {word: tuple(sorted(group, key=len, reverse=True)) for word, group in grouped.items()}


def _entries() -> list[tuple[str, Place]]:
    entries: list[tuple[str, Place]] = []
    for line in _TABLE.strip().splitlines():
        code, rest = line[:2], line[3:]
        country, _, cities = rest.partition("|")
        entries += _spellings(country, code, is_country=True)
        for city in cities.split(","):
            entries += _spellings(city, code, is_country=False) if city != "-" else []
    return entries


def _spellings(names: str, code: str, *, is_country: bool) -> list[tuple[str, Place]]:
    own, *_ = all_names = names.split("=")
    return [
        (
            name.rstrip("?"),
            Place(name=own.rstrip("?"), country=code, is_country=is_country, doubtful=name.endswith("?")),
        )
        for name in all_names
    ]
