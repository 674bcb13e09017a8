"""The shell: Slack, the store, and the `guidance` command."""
