#!/usr/bin/env bash
# Makes the small JPEGs in ../data anew: `build-aux/dev src/rfb/tests/guests/jpegs.sh`.
set -euo pipefail
data=$(cd "$(dirname "$0")/../data" && pwd)
make() { convert -size 16x16 'xc:rgb(200,40,90)' -strip -quality 90 "$@"; }
make -interlace none "$data/baseline.jpg"
make -interlace jpeg "$data/progressive.jpg"
make -colorspace gray "$data/grey.jpg"
make -colorspace cmyk "$data/cmyk.jpg"
