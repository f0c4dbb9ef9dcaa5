//! Days and months of the calendar, in UTC.

use super::UnixSeconds;

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
