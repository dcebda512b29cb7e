#!/bin/sh
# Rasa's own check of domain, rules and examples. Any warning is a fault, except that the internal
# intents, which only the assistant itself sends, have no examples.
set -u
cd "$(dirname "$0")/.."
internal='answer\|choose\|unusable_input\|signed_in\|sign_in_waiting\|sign_in_refused\|confirm_sign_in'
output=$(.venv/bin/python -W ignore -m rasa data validate --domain bot/domain --config config.yml \
  --data nlu/data/yue nlu/data/cmn nlu/data/en bot/rules 2>&1)
status=$?
faults=$(printf '%s\n' "$output" | grep 'UserWarning' |
  grep -v "intent '\($internal\)' is listed in the domain file, but is not found")
if [ $status -ne 0 ] || [ -n "$faults" ]; then
  printf '%s\n' "${faults:-$output}"
  exit 1
fi
