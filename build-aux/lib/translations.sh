#!/usr/bin/env bash
# Keeps the translations in step with the texts of the program.
#
#   translations.sh update    reads the texts again: po/innkeeper.pot, and merges them into each po/LANGUAGE.po
#   translations.sh check     succeeds when every file with texts is in po/POTFILES.in and every language of
#                             po/LINGUAS is well formed and complete
#
# A new language: add it to po/LINGUAS, run update, translate po/LANGUAGE.po. Needs gettext (build-aux/dev has it).
set -euo pipefail
cd "$(dirname "$0")/../.."

# Reads every text into the file $1.
extract() {
    local kinds=() rust=() plain
    local common=(--from-code=UTF-8 --add-comments=Translators --package-name=innkeeper --no-location --no-wrap)
    mapfile -t kinds < <(grep -v -e '\.rs$' -e '^#' po/POTFILES.in)
    mapfile -t rust < <(grep -e '\.rs$' po/POTFILES.in)
    xgettext "${common[@]}" -o "$1" "${kinds[@]}"
    if [ ${#rust[@]} != 0 ]; then
        plain=$(mktemp -d)
        plain_rust "$plain" "${rust[@]}"
        (cd "$plain" && xgettext "${common[@]}" --language=C -o rust.pot \
            --keyword=gettext --keyword=ngettext:1,2 --keyword=pgettext:1c,2 \
            --keyword=gettext_f --keyword=ngettext_f:1,2 "${rust[@]}")
        xgettext "${common[@]}" -o "$1" "$1" "$plain/rust.pot"
        rm -rf "$plain"
    fi
    sed -i -e 's/charset=CHARSET/charset=UTF-8/' -e '/^"POT-Creation-Date/d' "$1"
}

# Copies Rust files to the folder $1 so that xgettext (which learns Rust only in 0.24) can read them as C: a text
# over several lines becomes one line, as Rust takes it, and lifetimes lose the quote that looks like a character's.
plain_rust() {
    local folder=$1 file
    shift
    for file in "$@"; do
        mkdir -p "$folder/$(dirname "$file")"
        sed -z -E "s/\\\\\n[[:space:]]*//g; s/'([a-z_][a-z0-9_]*)([^a-z0-9_'])/\1\2/g" "$file" >"$folder/$file"
    done
}

# Files that have texts but are not listed, and listed ones that are gone.
unlisted() {
    local file
    {
        grep -rlE --include='*.rs' '\b(gettext|ngettext|pgettext|gettext_f|ngettext_f)\(' src |
            grep -v '^src/app/i18n.rs$' || true
        grep -rl --include='*.ui' 'translatable="\(yes\|true\)"' resources || true
        ls data/*.desktop.in data/*.metainfo.xml.in data/*.gschema.xml
    } | sort | comm -23 - <(grep -v '^#' po/POTFILES.in | sort)
    for file in $(grep -v '^#' po/POTFILES.in); do [ -e "$file" ] || echo "$file (is gone)"; done
}

update() {
    local language
    extract po/innkeeper.pot
    for language in $(cat po/LINGUAS); do
        if [ -e "po/$language.po" ]; then
            msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap "po/$language.po" po/innkeeper.pot
        else
            msginit --no-translator --no-wrap --locale="$language" --input=po/innkeeper.pot --output="po/$language.po"
        fi
    done
}

check() {
    local language missing fresh state=0
    missing=$(unlisted)
    [ -z "$missing" ] || { echo "not in po/POTFILES.in:"; echo "$missing"; state=1; }
    fresh=$(mktemp -d)
    extract "$fresh/innkeeper.pot"
    for language in $(cat po/LINGUAS); do
        msgfmt --check -o /dev/null "po/$language.po" || state=1
        # Merged with the texts as they are now: what is untranslated there is missing to the user.
        msgmerge --quiet --no-fuzzy-matching -o "$fresh/$language.po" "po/$language.po" "$fresh/innkeeper.pot"
        if [ -n "$(msgattrib --untranslated --no-obsolete "$fresh/$language.po")" ]; then
            echo "$language: texts are not translated:"
            msgattrib --untranslated --no-obsolete "$fresh/$language.po" | grep '^msgid "' | head -n 20
            state=1
        fi
    done
    rm -rf "$fresh"
    return $state
}

case ${1:-} in
update) update ;;
check) check ;;
*) sed -n 's/^# \{0,1\}//p' "$0" | sed -n '2,7p' && exit 2 ;;
esac
