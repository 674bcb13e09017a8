"""The core: policies, cards, and how a question finds its clause. No Slack, no store."""
