#!/usr/bin/env python3
"""Succeeds when a window shows all the given texts, as a screen reader finds them.

    shows.py WINDOW-TITLE TEXT...          a TEXT may be a choice: NAME|TITLE

Reads the accessibility tree (AT-SPI); a text counts when it is the name of, or in, a visible object.
"""

import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402


def texts(node, depth=0):
    """Yields the names and texts of the showing objects below `node`."""
    if depth > 40 or not node.get_state_set().contains(Atspi.StateType.SHOWING):
        return
    yield node.get_name() or ""
    try:
        text = node.get_text_iface()
        if text:
            yield Atspi.Text.get_text(text, 0, -1) or ""
    except GLib.Error:
        pass
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child:
            yield from texts(child, depth + 1)


def windows(title):
    """Yields the top-level windows with this title, of whichever program."""
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(index)
        if not program:
            continue
        for number in range(program.get_child_count()):
            window = program.get_child_at_index(number)
            if window and window.get_name() == title:
                yield window


def shows(found, choices):
    """Tells whether one of the choices is in one of the texts found."""
    return any(choice and choice in shown for choice in choices for shown in found)


def main():
    title, wanted = sys.argv[1], sys.argv[2:]
    found = []
    for window in windows(title):
        try:
            found.extend(texts(window))
        except GLib.Error:
            return 1
    return 0 if all(shows(found, text.split("|")) for text in wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
