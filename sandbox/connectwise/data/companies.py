"""Client companies, their sites, and the people there."""

from __future__ import annotations

import re
from random import Random

from sandbox.connectwise import constants
from sandbox.connectwise.store import Doc

from .tables import ZONES

# city, state, zip, country, zone, telephone prefix
_CITIES = (
    ("Columbus", "OH", "43215", "US", 1, "614555"), ("Pittsburgh", "PA", "15222", "US", 1, "412555"),
    ("Chicago", "IL", "60606", "US", 2, "312555"), ("Nashville", "TN", "37203", "US", 2, "615555"),
    ("Denver", "CO", "80202", "US", 3, "303555"), ("Phoenix", "AZ", "85004", "US", 5, "602555"),
    ("Portland", "OR", "97205", "US", 4, "503555"), ("Sacramento", "CA", "95814", "US", 4, "916555"),
    ("Leeds", "", "LS1 4DY", "GB", 6, "+44113496"), ("York", "", "YO1 7HH", "GB", 6, "+44190496"),
    ("St. John's", "NL", "A1C 1A1", "CA", 7, "709555"),
)  # fmt: skip
_NAMES = """
Birchwood Dental Group;Harbor & Vale Architects;Cedar Ridge Credit Union;Lakeside Veterinary Clinic;Northgate Logistics
Quill & Partners Solicitors;Redstone Manufacturing;Alder Street Pharmacy;Bluebird Montessori School;Ironclad Roofing
Meridian Accounting;Copperfield Hotel;Juniper Health Network;Oak Hollow Golf Club;Pinnacle Title & Escrow
Saltmarsh Seafood;Tanager Publishing;Whitestone Property Management;Amberley Care Homes;Bright Harbor Nonprofit Alliance
Castlegate Insurance Brokers;Dovetail Cabinetry;Eastmoor Community College;Foxglove Landscape Design;Granite Outfitters
Hollis & Webb LLP;Ivy Lane Pediatrics;Jasper County Water District;Kestrel Aerospace Components;Lantern Brewing Company
Maplecrest Senior Living;Nightingale Home Care;Orchard Park Church;Prairie Wind Energy;Quarry Bank Engineering
Riverbend Animal Hospital;Silverline Freight;Thornbury Estate Agents;Union Street Theatre;Valley Orthopedics
Westbrook Wealth Advisors;Yarrow Natural Foods;Zephyr Air Conditioning;Ashford Marine Supply;Beacon Hill Optometry
Clearwater Environmental;Drummond Steel Fabrication;Elmstead Surveyors;Fairview Surgical Center;Glenmoor Textiles
Hawthorn Legal Aid;Inkwell Print & Sign;Kingfisher Travel;Ladder & Rail Construction;Moorland Dairy
Northern Lights Charter School;Palisade Security Systems;Rosewood Funeral Home;Summerfield Farms;Timberline Ski Resort
"""
OWN_COMPANY = 2
COMPANY_NAMES = [name for line in _NAMES.split("\n") for name in line.split(";") if name]
_STREETS = ("Main Street", "Mill Road", "Station Street", "Park Avenue", "River Road", "Market Square", "Canal Walk")
_FIRST = (
    "Alice", "Robert", "Maria", "David", "Fatima", "James", "Linh", "Karen", "Yusuf", "Emily", "Carlos", "Ingrid",
    "Paul", "Naomi", "Derek", "Shreya", "Oscar", "Helen", "Kwame", "Julia", "Martin", "Beatriz", "Stephen", "Wanda",
)  # fmt: skip
_LAST = (
    "Hughes", "Tanaka", "Okoro", "Schmidt", "Patel", "Novak", "Garcia", "Murphy", "Larsen", "Hassan", "Brooks",
    "Dubois", "Keller", "Santos", "Walsh", "Chen", "Ivanova", "Reid", "Mensah", "Fischer", "Doyle", "Ortega",
)  # fmt: skip
_TITLES = ("Office Manager", "Controller", "Receptionist", "Operations Lead", "Director", "Paralegal", "Nurse Manager")


def company_tables(random: Random, count: int) -> dict[str, list[Doc]]:
    """`count` clients (every fourth has a second site, each two to four contacts), and the MSP itself."""
    tables: dict[str, list[Doc]] = {"companies": [], "sites": [], "contacts": [], "communications": []}
    for place, name in enumerate(COMPANY_NAMES[:count]):
        _add_company(tables, random, place, name)
    _bend_some_contacts(tables)
    own = {"id": OWN_COMPANY, "identifier": "SummitMSP", "name": constants.COMPANY_NAME}
    site = {**_site(tables, own, "Headquarters", _CITIES[0], random, is_primary=True), "id": OWN_COMPANY}
    tables["sites"].append(site)
    tables["companies"].append(_company(own, site, _CITIES[0], f"www.{constants.EMAIL_DOMAIN}"))
    return tables


def _add_company(tables: dict[str, list[Doc]], random: Random, place: int, name: str) -> None:
    city = _CITIES[place % len(_CITIES)]
    company_id = 250 + place
    identifier = re.sub(r"[^A-Za-z]", "", name)[:25]
    domain = re.findall(r"[a-z]+", name.lower())[0] + ".example"
    company = {"id": company_id, "identifier": identifier, "name": name}
    sites = [_site(tables, company, "Main", city, random, is_primary=True)]
    if place % 4 == 1:
        sites.append(_site(tables, company, "Warehouse", _CITIES[(place + 3) % len(_CITIES)], random, is_primary=False))
    tables["sites"] += sites
    contacts = [_contact(tables, random, company, sites[-1 if n == 2 else 0], domain, n) for n in range(2 + place % 3)]
    tables["contacts"] += contacts
    first = contacts[0]
    whole = _company(company, sites[0], city, f"www.{domain}")
    whole["defaultContact"] = {"id": first["id"], "name": f"{first['firstName']} {first['lastName']}"}
    if place == 37:
        whole["status"] = {"id": 13, "name": "Credit Hold"}
    tables["companies"].append(whole)


def _company(company: Doc, site: Doc, city: tuple[str, str, str, str, int, str], website: str) -> Doc:
    return {
        **company,
        "status": {"id": 1, "name": "Active"},
        "addressLine1": site["addressLine1"],
        "city": city[0],
        "state": city[1] or None,
        "zip": city[2],
        "phoneNumber": site["phoneNumber"],
        "website": website,
        "territory": {"id": 4, "name": "Leeds"} if city[4] == 6 else {"id": 2, "name": "Columbus"},
        "timeZoneSetup": {"id": city[4], "name": ZONES[city[4] - 1][1]},
        "site": {"id": site["id"], "name": site["name"]},
        "types": [{"id": 1, "name": "Client"}],
        "deletedFlag": False,
    }


def _site(
    tables: dict[str, list[Doc]], company: Doc, name: str, city: tuple[str, str, str, str, int, str], random: Random,
    *, is_primary: bool,
) -> Doc:  # fmt: skip
    return {
        "id": 1000 + company["id"] + (0 if is_primary else 500),
        "name": name,
        "addressLine1": f"{random.randint(1, 980)} {random.choice(_STREETS)}",
        "city": city[0],
        "zip": city[2],
        "phoneNumber": f"{city[5]}{random.randint(1000, 9999)}",
        "timeZone": {"id": city[4], "name": ZONES[city[4] - 1][1]},
        "primaryAddressFlag": is_primary,
        "inactiveFlag": False,
        "company": company,
    }


def _contact(tables: dict[str, list[Doc]], random: Random, company: Doc, site: Doc, domain: str, number: int) -> Doc:
    record_id = 3000 + (company["id"] - 250) * 5 + number
    first = _FIRST[(record_id * 7) % len(_FIRST)]
    last = _LAST[(record_id * 5 + record_id // 22) % len(_LAST)]
    address = f"{first}.{last}@{domain}".lower()
    rows = [
        _item(record_id * 10 + 1, (1, "Email"), "Email", address, domain=f"@{domain}"),
        _item(record_id * 10 + 2, (2, "Direct"), "Phone", f"{site['phoneNumber'][:-2]}{random.randint(10, 99)}"),
    ]
    if number % 2:
        rows.append(
            _item(record_id * 10 + 3, (4, "Cell"), "Phone", f"{site['phoneNumber'][:-3]}{random.randint(100, 999)}")
        )
        rows[-1]["defaultFlag"] = False
    tables["communications"] += [{**row, "contactId": record_id} for row in rows]
    return {
        "id": record_id,
        "firstName": first,
        "lastName": last,
        "company": company,
        "site": {"id": site["id"], "name": site["name"]},
        "title": _TITLES[record_id % len(_TITLES)],
        "inactiveFlag": False,
        "defaultFlag": number == 0,
        "defaultPhoneType": "Direct",
        "defaultPhoneNbr": rows[1]["value"],
        "communicationItems": rows,
        "types": [{"id": 1, "name": "End User"}],
    }


def _item(record_id: int, type_: tuple[int, str], kind: str, value: str, **more: str) -> Doc:
    reference = {"id": type_[0], "name": type_[1]}
    return {"id": record_id, "type": reference, "value": value, "defaultFlag": True, "communicationType": kind, **more}


def _bend_some_contacts(tables: dict[str, list[Doc]]) -> None:
    """Two people share an address; a few have none; one has left."""
    contacts = tables["contacts"]
    shared = contacts[2]["communicationItems"][0]["value"].partition("@")[2]
    for contact in (contacts[2], contacts[3]):
        _set_email(tables, contact, f"frontdesk@{shared}")
    for contact in contacts[7::41]:
        _set_email(tables, contact, "")
    contacts[-1]["inactiveFlag"] = True


def _set_email(tables: dict[str, list[Doc]], contact: Doc, address: str) -> None:
    items = [item for item in contact["communicationItems"] if item["communicationType"] != "Email" or address]
    for item in items:
        if item["communicationType"] == "Email":
            item |= {"value": address, "domain": "@" + address.partition("@")[2]}
    contact["communicationItems"] = items
    others = [row for row in tables["communications"] if row["contactId"] != contact["id"]]
    tables["communications"] = others + [{**item, "contactId": contact["id"]} for item in items]
