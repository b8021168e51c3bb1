"""Flows of any size, for what has to stay linear."""


def giant_flow(steps: int) -> dict[str, str]:
    """A source with about this many steps: menus in a long chain, each with a say step of its own."""
    rows = []
    for number in range(steps // 2):
        following = f"menu_{number + 1}" if number + 1 < steps // 2 else "line_up"
        rows.append(
            f"  menu_{number}:\n    menu: intro\n    note: chosen\n    choices:\n"
            f"      1: {{say: option, is: a, go: say_{number}}}\n"
            f"      2: {{say: option, is: b, go: {following}}}\n"
            f"      9: {{say: option, go: back}}\n"
            f"    give_up: {following}\n"
            f"  say_{number}:\n    say: intro\n    then: {following}\n"
        )
    return {
        "giant.yaml": (
            "flow: giant\nformat: 1\nlanguages: [en]\nstart: menu_0\nperson: line_up\n"
            "keys_everywhere: {0: person}\nnotes: {chosen: {one_of: [a, b]}}\nsteps:\n" + "".join(rows) + _END
        ),
        "queues.yaml": "line: {languages: [en]}\n",
        "prompts/en.yaml": (
            'language: en\nlocale: en-IN\nkey_line: "{say}, press {key}."\nprompts:\n  intro: Hello.\n  option: Go\n'
        ),
    }


_END = (
    "  line_up:\n    queue: line\n    tell_agent: [chosen]\n    longest_wait: 5m\n    answered: bye\n"
    "    too_long: bye\n    nobody_working: bye\n    full: bye\n  bye:\n    end: intro\n"
)
