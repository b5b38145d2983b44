#!/bin/sh
# The format of our C, by clang-format. Versions differ in details, so another than 14 to 19 is not asked.
set -u
version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$version" -lt 14 ] || [ "$version" -gt 19 ]; then
    echo "format: not checked: clang-format $version is not one of 14 to 19"; exit 0
fi
git ls-files '*.c' '*.h' | xargs clang-format --dry-run --Werror
