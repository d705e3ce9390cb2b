-- Every order of a list by index, however many sessions there are. Beside the number an index holds the row id, which is made of the start: sessions that have the same number lie in the order of their starts.

CREATE INDEX IF NOT EXISTS session_facts_by_duration ON session_facts (duration);
CREATE INDEX IF NOT EXISTS session_facts_by_active_ms ON session_facts (active_ms);
CREATE INDEX IF NOT EXISTS session_facts_by_page_count ON session_facts (page_count);
CREATE INDEX IF NOT EXISTS session_facts_by_event_count ON session_facts (event_count);
CREATE INDEX IF NOT EXISTS session_facts_by_click_count ON session_facts (click_count);
CREATE INDEX IF NOT EXISTS session_facts_by_error_count ON session_facts (error_count);
CREATE INDEX IF NOT EXISTS session_facts_by_engagement_score ON session_facts (engagement_score);
CREATE INDEX IF NOT EXISTS session_facts_by_worth ON session_facts (worth);
