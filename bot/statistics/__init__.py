"""What came of the rules, week by week: replies, holds, votes and false alarms, as tables and as a plot."""
