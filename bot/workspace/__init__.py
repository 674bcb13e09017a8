"""A local Slack for one machine: it speaks Slack's protocol to the unmodified bot, and shows a page to people."""
