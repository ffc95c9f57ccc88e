"""Reading a message: from what was typed to tokens that know where they stood. Knows no rules, no Discord."""
