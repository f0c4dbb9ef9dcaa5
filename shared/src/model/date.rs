//! Days and months of the calendar, in UTC.

use super::UnixSeconds;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// How many seconds a day has.
pub const DAY_SECONDS: u64 = 86_400;

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Months since January of the year 0; grows by one a month.
    pub number: u64,
    pub starts_at: UnixSeconds,
    /// The first moment of the next one.
    pub ends_at: UnixSeconds,
}

/// A month of the calendar in UTC by its number, as in [`Month::number`]; `2026-11` as text and in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthNumber(pub u64);

impl MonthNumber {
    /// The month that a moment lies in.
    pub fn of(at: UnixSeconds) -> Self {
        Self(month_of(at).number)
    }

    /// The first moment of the next month.
    pub fn ends_at(self) -> UnixSeconds {
        let next = self.0.saturating_add(1);
        let first = CivilDate { year: next / 12, month: next % 12, day: 1 };
        UnixSeconds(first.days().unwrap_or_default() * DAY_SECONDS)
    }
}

impl fmt::Display for MonthNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

/// The text is not a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month is four digits of the year, a hyphen, and two digits from 01 to 12")]
pub struct MonthError;

impl FromStr for MonthNumber {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let (year, month) = text.split_once('-').ok_or(MonthError)?;
        let number = |digits: &str, length: usize| {
            let fits = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u64>().ok().filter(|_| fits).ok_or(MonthError)
        };
        let (year, month) = (number(year, 4)?, number(month, 2)?);
        if (1..=12).contains(&month) { Ok(Self(year * 12 + month - 1)) } else { Err(MonthError) }
    }
}

impl Serialize for MonthNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MonthNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for MonthNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$" })
    }
}

/// The month that a moment lies in.
pub fn month_of(at: UnixSeconds) -> Month {
    let today = at.0 / DAY_SECONDS;
    let CivilDate { year, month, day } = CivilDate::of_day(today);
    let first = today + 1 - day;
    let next = (first + 28..).find(|day| CivilDate::of_day(*day).day == 1).unwrap_or(first + 28);
    Month {
        number: year * 12 + month,
        starts_at: UnixSeconds(first * DAY_SECONDS),
        ends_at: UnixSeconds(next * DAY_SECONDS),
    }
}

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CivilDate {
    pub year: u64,
    /// From 0.
    pub month: u64,
    /// From 1.
    pub day: u64,
}

impl CivilDate {
    /// Tells the day that is so many days after 1970-01-01. Counts in eras of 400 years that begin in March, so that a
    /// leap day is the last of its year.
    pub fn of_day(days: u64) -> Self {
        const ERA: u64 = 146_097;
        // 1970-01-01 is 719,468 days after 0000-03-01.
        let days = days + 719_468;
        let (era, of_era) = (days / ERA, days % ERA);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = (from_march + 2) % 12;
        Self { year: era * 400 + year + u64::from(month < 2), month, day }
    }

    /// Reads `2026-11-30`; gives the start of that day.
    pub fn start_of(text: &str) -> Option<UnixSeconds> {
        let (month, day) = text.rsplit_once('-')?;
        let month: MonthNumber = month.parse().ok()?;
        let day: u64 = Some(day).filter(|day| day.len() == 2)?.parse().ok()?;
        let date = Self { year: month.0 / 12, month: month.0 % 12, day };
        let days = date.days()?;
        (Self::of_day(days) == date).then_some(UnixSeconds(days * DAY_SECONDS))
    }

    /// Tells how many days after 1970-01-01 it is; `None` before that.
    fn days(self) -> Option<u64> {
        let year = if self.month < 2 { self.year.checked_sub(1)? } else { self.year };
        let of_year = (153 * ((self.month + 10) % 12) + 2) / 5 + self.day.checked_sub(1)?;
        let (era, year) = (year / 400, year % 400);
        (era * 146_097 + year * 365 + year / 4 - year / 100 + of_year).checked_sub(719_468)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_when_the_next_one_begins() {
        for day in (0..40_000).step_by(13) {
            let at = UnixSeconds(day * DAY_SECONDS);
            assert_eq!(MonthNumber::of(at).ends_at(), month_of(at).ends_at, "{day}");
        }
    }

    #[test]
    fn a_month_reads_back_from_its_text_and_nothing_else_does() {
        // `date -u -d 2026-11-30 +%s`
        let november = MonthNumber::of(UnixSeconds(1_795_996_800));
        assert_eq!(november.to_string(), "2026-11");
        for text in ["2026-11", "1970-01", "2099-12"] {
            assert_eq!(text.parse::<MonthNumber>().map(|month| month.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "2026", "2026-00", "2026-13", "2026-1", "26-01", "+026-01", "2026-+1", "2026-11-01"] {
            assert_eq!(text.parse::<MonthNumber>(), Err(MonthError), "{text}");
        }
    }

    #[test]
    fn a_day_reads_back_from_its_text_and_nothing_else_does() {
        for days in (0..80_000).step_by(11) {
            let CivilDate { year, month, day } = CivilDate::of_day(days);
            let text = format!("{year:04}-{:02}-{day:02}", month + 1);
            assert_eq!(CivilDate::start_of(&text), Some(UnixSeconds(days * DAY_SECONDS)), "{text}");
        }
        for text in ["", "2026-11", "2026-11-31", "2026-02-29", "2026-11-00", "2026-11-1", "1969-12-31", "2026-13-01"] {
            assert_eq!(CivilDate::start_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_month_ends_where_the_next_one_begins() {
        let mut at = UnixSeconds(0);
        for number in 0..2400 {
            let month = month_of(at);
            assert_eq!((month.number, month.starts_at), (1970 * 12 + number, at));
            assert_eq!(month_of(UnixSeconds(month.ends_at.0 - 1)), month);
            at = month.ends_at;
        }
        // `date -u -d 2170-01-01 +%s`
        assert_eq!(at, UnixSeconds(6_311_433_600));
    }
}
