"""An account's own e-mails: what they may say, what is refused, and what never reaches a mail program."""

from __future__ import annotations

from typing import Any

import pytest

from slotdesk.domain.messages.checking import find_hints, find_problems, lacks_links
from slotdesk.domain.messages.kinds import Kind
from slotdesk.domain.messages.models import Template
from slotdesk.domain.messages.templates import BadTemplate, built_in_text, render, render_own
from slotdesk.domain.messages.variables import VARIABLES, sample_values


def made(body: str, *, subject: str = "Booked", **client: str) -> Any:
    values = sample_values(Kind.CONFIRMATION)
    values["client"] |= client
    return render_own(Kind.CONFIRMATION, values, subject=subject, body=body)


def problems(body: str, *, subject: str = "Booked") -> list[str]:
    found = find_problems(Kind.CONFIRMATION, subject=subject, body=body, variables=VARIABLES)
    return [str(problem) for problem in found]


def hints(body: str, *, kind: Kind = Kind.CONFIRMATION) -> list[str]:
    return find_hints(kind, subject="Booked", body=body, variables=VARIABLES)


def _built_in() -> dict[Kind, tuple[str, str]]:
    return {kind: built_in_text(kind) for kind in Kind}


class TestRender:
    def test_fills_in_both_parts_in_the_account_s_frame(self) -> None:
        message = made("<h1>Hi {{ client.name }}</h1>{% include 'facts' %}", subject="{{ appointment_type.name }}")

        assert message.subject == "Phone call"
        assert "Hi Ana Ruiz" in message.html
        assert "Hi Ana Ruiz" in message.text
        assert "When   Tuesday, 24 November 2026, 14:30 CET" in message.text
        assert "Summit MSP is helping you" in message.html
        assert message.remark == ""

    def test_puts_links_behind_their_words_in_the_text(self) -> None:
        message = made('<p><a href="{{ appointment.cancel_url }}">Cancel</a> or <a href="https://a.example">a</a></p>')

        cancel_url = sample_values(Kind.CONFIRMATION)["appointment"]["cancel_url"]
        assert message.text == f"Cancel <{cancel_url}> or a <https://a.example>\n"

    def test_what_a_client_wrote_stays_text(self) -> None:
        message = made("<p>{{ client.name }}</p>", name="{{ ticket.url }}{% for %}<b onclick=x>Ana</b>")

        assert "{{ ticket.url }}{% for %}&lt;b onclick=x&gt;Ana&lt;/b&gt;" in message.html
        assert message.text == "{{ ticket.url }}{% for %}<b onclick=x>Ana</b>\n"

    def test_what_a_client_wrote_makes_no_second_line_in_the_subject(self) -> None:
        message = made("", subject="For {{ client.name }}", name="Ana\r\nBcc: all@client.example")

        assert message.subject == "For Ana Bcc: all@client.example"

    @pytest.mark.parametrize(
        ("body", "gone"),
        [
            ("<script>steal()</script>", "steal"),
            ("<style>p { background: url(//x.example) }</style>", "x.example"),
            ('<p onclick="steal()">x</p>', "steal"),
            ('<a href="javascript:steal()">x</a>', "steal"),
            ('<a href="{{ client.name }}">x</a>', "data:"),
            ("<a href={{ client.company }}>x</a>", "onmouseover"),
            ('<form action="https://x.example"><input></form>', "<form"),
            ('<iframe src="https://x.example"></iframe>', "<iframe"),
            ('<p style="background-image: url(https://x.example)">x</p>', "x.example"),
        ],
    )
    def test_takes_out_what_has_no_place_in_an_e_mail(self, body: str, gone: str) -> None:
        message = made(body, name="data:text/html,x", company="x onmouseover=steal()")

        assert gone not in message.html.split("<body")[1]

    def test_an_unknown_name_is_empty_and_remarked_upon(self) -> None:
        message = made("<p>Hi {{ client.nick }}{% if client.vip %}!{% endif %}</p>")

        assert message.text == "Hi\n"
        assert message.remark == "Nothing is known of client.nick, client.vip."

    def test_a_template_that_fails_gives_the_built_in_e_mail_and_says_so(self) -> None:
        own = Template(name="Ours", subject="Hi", body="{% if %}")

        message = render(Kind.CONFIRMATION, sample_values(Kind.CONFIRMATION), own)

        assert message.subject.startswith("Booked: Phone call on")
        assert message.remark.startswith("The built-in e-mail, since the template “Ours” failed: Line 1")

    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_built_in_e_mail_can_be_taken_over_as_it_is(self, kind: Kind) -> None:
        subject, body = built_in_text(kind)
        values = sample_values(kind)

        assert find_problems(kind, subject=subject, body=body, variables=VARIABLES) == []
        assert find_hints(kind, subject=subject, body=body, variables=VARIABLES) == []
        assert render_own(kind, values, subject=subject, body=body).subject == render(kind, values).subject


class TestLimits:
    @pytest.mark.parametrize(
        "body",
        [
            "{% for i in (1..1000000) %}x{% endfor %}",
            "{% for i in (1..1000000000) reversed %}x{% endfor %}",
            "{% for i in (1..900) %}{% for j in (1..900) %}x{% endfor %}{% endfor %}",
            "{% liquid for i in (1..1000000)\n echo i\n endfor %}",
            "{% assign many = (1..1000000000) %}",
            "{% if (1..1000000000) contains 7 %}x{% endif %}",
            "{% case (1..1000000000) %}{% when (1..1000000000) %}x{% endcase %}",
            "{{ 'x' | append: (1..1000000000) }}",
        ],
    )
    def test_no_loop_goes_round_a_million_times(self, body: str) -> None:
        assert problems(body) == ["Line 1: A loop may go round 1,000 times at most."]

    def test_no_loop_s_length_comes_from_elsewhere(self) -> None:
        assert problems("{% for i in (1..client.phone) %}x{% endfor %}") == [
            "Line 1: Write the ends of a range as numbers, such as (1..3)."
        ]

    @pytest.mark.parametrize(
        "body",
        [
            "{% assign a = 'xxxxxxxxxx' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}",
            "{{ 'a' " + "| replace: 'a', 'aaaaaaaaaa' " * 12 + "}}",
            "{% for i in (1..900) %}" + "x" * 900 + "{% endfor %}",
        ],
    )
    def test_nothing_grows_without_end(self, body: str) -> None:
        assert problems(body) == ["Line 1: It grows too long for an e-mail."]

    @pytest.mark.parametrize("body", ["{% if a %}" * 3000 + "{% endif %}" * 3000, "{% if " + "a and " * 3000 + "a %}"])
    def test_what_is_nested_too_deeply_is_refused_and_breaks_nothing(self, body: str) -> None:
        assert problems(body)

    @pytest.mark.parametrize("name", ["layout.html.liquid", "../models.py", "/etc/passwd", "own.html.liquid"])
    def test_no_file_can_be_read(self, name: str) -> None:
        assert problems(f"{{% include '{name}' %}}") == [
            "Line 1: Only the table of facts can be included: {% include 'facts' %}."
        ]

    def test_a_value_cannot_be_sent_unescaped(self) -> None:
        assert problems("{{ client.name | safe }}") == ["Line 1: There is no filter “safe”."]

    def test_the_same_limits_hold_when_it_is_sent(self) -> None:
        with pytest.raises(BadTemplate, match="1,000 times"):
            made("{% for i in (1..1000000) %}x{% endfor %}")


class TestProblems:
    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("<p>\n{{ client.nmae }}", "Line 2: There is no variable “client.nmae”. Do you mean client.name?"),
            ("{{ appointment.reschedule_link }}", "Do you mean appointment.reschedule_url?"),
            ("{{ zzz }}", "Line 1: There is no variable “zzz”."),
            ("{{ client }}", "“client” is a group of values: name one of them, such as client.name."),
            ("\n\n{% if client.name %}", "{% endif %} is missing."),
            ("\n{{ client.name", "Line 2: Expected '}}', found end of file."),
            ("\n{{ 'x' | shout }}", "Line 2: There is no filter “shout”."),
            ("\n{% render 'facts' %}", "Line 2: Unexpected tag 'render'."),
        ],
    )
    def test_are_said_with_their_line(self, body: str, said: str) -> None:
        (problem,) = problems(body)

        assert problem.endswith(said)

    def test_of_the_subject_are_its_own(self) -> None:
        (problem,) = find_problems(Kind.CONFIRMATION, subject="{{ nobody }}", body="", variables=VARIABLES)

        assert problem.field == "subject"

    @pytest.mark.parametrize(
        "body",
        [
            "{% for a in appointment.answers %}{{ a.label }}: {{ a.value }} {{ forloop.index }}{% endfor %}",
            "{{ client.name | split: ' ' | first }} {{ client.name.size }} {{ appointment.answers.first.value }}",
            "{% assign greeting = 'Hi' %}{{ greeting }}{% capture whole %}{{ client.name }}{% endcapture %}{{ whole }}",
            "{% if appointment.cancelled_by == 'technician' %}we{% else %}you{% endif %}{{ client.name | downcase }}",
            "{% for i in (1..3) %}{{ i }}{% endfor %}{% raw %}{{ not.a.name }}{% endraw %}",
        ],
    )
    def test_there_are_none_with_what_templates_need(self, body: str) -> None:
        assert problems(body) == []


class TestHints:
    def test_say_which_links_an_older_template_lacks(self) -> None:
        body = "<p>{{ appointment.agreed_time }}</p>"

        assert hints(body) == [
            "Clients find no link to choose another time: add {{ appointment.reschedule_url }}.",
            "Clients find no link to cancel: add {{ appointment.cancel_url }}.",
        ]
        assert lacks_links(Kind.CONFIRMATION, body=body)
        assert not lacks_links(Kind.CANCELLATION, body=body)

    def test_say_what_comes_out_empty_in_this_kind(self) -> None:
        assert hints("{{ request.url }}{{ appointment.agreed_time }}", kind=Kind.INVITATION) == [
            "appointment.agreed_time has no value in this kind of e-mail and comes out empty."
        ]

    @pytest.mark.parametrize(
        "body",
        [
            "{% if appointment.note %}x{% endif %}",
            "{%- unless appointment.note -%}x{% endunless %}",
            "{% if ticket.number == '1' or appointment.note %}x{% endif %}",
        ],
    )
    def test_say_that_an_empty_text_counts_as_true(self, body: str) -> None:
        assert hints(body, kind=Kind.CANCELLATION) == [
            'In Liquid, “if appointment.note” holds for an empty text as well. Ask “if appointment.note != ""” instead.'
        ]

    def test_say_nothing_of_one_that_is_compared(self) -> None:
        assert hints("{% if appointment.note != '' %}x{% endif %}", kind=Kind.CANCELLATION) == []

    def test_say_nothing_of_a_built_in_e_mail(self) -> None:
        found = {kind: find_hints(kind, subject=s, body=b, variables=VARIABLES) for kind, (s, b) in _built_in().items()}

        assert {kind: said for kind, said in found.items() if said} == {}

    def test_say_which_tags_are_taken_out(self) -> None:
        found = hints("<p>\n<form><script>x</script></p><form>", kind=Kind.CANCELLATION)

        assert found == [
            "<form> in line 2 is taken out: it has no place in an e-mail.",
            "<script> in line 2 is taken out: it has no place in an e-mail.",
        ]
