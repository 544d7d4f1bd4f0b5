"""A form that is refused keeps what was typed, says why at its field, and has the focus there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from web.conftest import Open, Site

pytestmark = pytest.mark.browser


def _stands_at(page: Page, selector: str, sentence: str) -> None:
    field = page.locator(selector)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    described = str(field.get_attribute("aria-describedby")).split()[-1]
    expect(page.locator(f"#{described}")).to_contain_text(sentence)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_team_of_a_known_name(site: Site, open_as: Open, scripts: bool) -> None:
    page = open_as("ada", "/settings/people", scripts=scripts)
    page.locator("#f-team").fill("Trade")
    page.get_by_role("button", name="Add team").click()
    expect(page.get_by_text("The team is there.").or_(page.locator("#e-team"))).to_be_visible()
    page.locator("#f-team").fill("TRADE")
    page.get_by_role("button", name="Add team").click()
    _stands_at(page, "#f-team", "There is a team of this name already.")
    expect(page.locator("#f-team")).to_have_value("TRADE")
    first = page.locator(".person[id^=team-]", has_text="Care")
    first.locator("summary").click()
    first.get_by_label("Name of the team").fill("trade")
    first.get_by_role("button", name="Rename").click()
    _stands_at(page, "[id^=team-name-][aria-invalid]", "There is a team of this name already.")
    expect(page.locator("[id^=team-name-][aria-invalid]")).to_have_value("trade")


def test_an_invitation_to_somebody_who_is_here(site: Site, open_as: Open) -> None:
    page = open_as("ada", "/settings/people")
    page.locator(".add summary").click()
    page.locator("#f-email").fill("ines@lumen.example")
    page.locator("#f-name").fill("Another Ines")
    page.locator("#f-role").select_option("lead")
    page.locator(".add [name=mailboxes]").first.uncheck()
    page.locator(".add [name=teams]").first.check()
    page.get_by_role("button", name="Send the invitation").click()
    _stands_at(page, "#f-email", "works here already")
    expect(page.locator("#f-name")).to_have_value("Another Ines")
    expect(page.locator("#f-role")).to_have_value("lead")
    expect(page.locator(".add [name=mailboxes]").first).not_to_be_checked()
    expect(page.locator(".add [name=teams]").first).to_be_checked()


def test_the_only_administrator_stays_one(site: Site, open_as: Open) -> None:
    page = open_as("ada", "/settings/people")
    person = page.locator(f"#person-{site.scene.desk.ada.agent_id}")
    person.locator("summary").click()
    person.get_by_label("Role").select_option("agent")
    person.get_by_role("button", name="Save").click()
    _stands_at(page, f"#role-{site.scene.desk.ada.agent_id}", "only administrator")
    expect(page.locator(f"#role-{site.scene.desk.ada.agent_id}")).to_have_value("agent")


def test_a_token_without_a_scope(site: Site, open_as: Open) -> None:
    page = open_as("ada", "/settings/tokens")
    page.locator("#f-name").fill("   ")
    page.locator("[name=scopes][value=write]").check()
    page.locator("#f-expires").select_option("365")
    page.get_by_role("button", name="Make it").click()
    _stands_at(page, "#f-name", "A name is needed")
    expect(page.locator("[name=scopes][value=write]")).to_be_checked()
    expect(page.locator("#f-expires")).to_have_value("365")


def test_an_account_without_a_name(site: Site, open_as: Open) -> None:
    page = open_as("tom", "/settings/account")
    page.locator("#f-name").fill("   ")
    page.locator("#f-language").select_option("es")
    page.locator("[name=keys_on]").uncheck()
    page.locator("#f-name").locator("xpath=ancestor::form").get_by_role("button", name="Save").click()
    _stands_at(page, "#f-name", "A name is needed")
    expect(page.locator("#f-language")).to_have_value("es")
    expect(page.locator("[name=keys_on]")).not_to_be_checked()


def test_a_conversation_to_nobody(site: Site, open_as: Open) -> None:
    page = open_as("ines", "/conversations/new", scripts=False)
    page.locator("#f-to").fill("nobody at all")
    page.locator("#f-subject").fill("Your lamp")
    page.locator("#composer-field").fill("It is ready.")
    page.get_by_role("button", name="Send").click()
    _stands_at(page, "#f-to", "mail address")
    expect(page.locator("#f-subject")).to_have_value("Your lamp")
    expect(page.locator("#composer-field")).to_have_value("It is ready.")


def test_an_answer_to_a_wrong_address_without_scripts(site: Site, open_as: Open) -> None:
    page = open_as("lea", f"/conversations/{site.scene.doubtful}?view=open", scripts=False)
    page.locator(".recipients summary").click()
    page.locator("#c-to").fill("nobody at all")
    page.locator("#composer-field").fill("We never send such mail.")
    page.get_by_role("button", name="Send, then wait").click()
    expect(page.locator(".toast.is-bad")).to_contain_text(re.compile("mail address"))
    expect(page.locator("#composer-field")).to_have_value("We never send such mail.")
