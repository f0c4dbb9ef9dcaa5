//! Days and moments in UTC as text: what is counted by day is counted in UTC, wherever the reader is.

use gatehouse_shared::model::UnixSeconds;

const DAY_SECONDS: u64 = 86_400;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day of the Gregorian calendar.
struct Day {
    year: u64,
    /// From 0.
    month: usize,
    day: u64,
}

impl Day {
    /// The day that a moment lies in. Years begin in March here, so that a leap day is a year's last; the sum over
    /// months of 30 or 31 days is then `(153 * month + 2) / 5`.
    fn of(at: UnixSeconds) -> Self {
        // From 0000-03-01, in cycles of 400 years.
        let days = at.0 / DAY_SECONDS + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let year = era * 400 + year_of_era + u64::from(from_march >= 10);
        Self { year, month: ((from_march + 2) % 12) as usize, day }
    }

    fn month(&self) -> &'static str {
        MONTHS[self.month % MONTHS.len()]
    }
}

/// Such as “24 Nov”.
pub fn short_day(at: UnixSeconds) -> String {
    let day = Day::of(at);
    format!("{} {}", day.day, &day.month()[..3])
}

/// Such as “24 Nov 2026”.
pub fn day_text(at: UnixSeconds) -> String {
    format!("{} {}", short_day(at), Day::of(at).year)
}

/// Such as “24 November 2026”.
pub fn long_day(at: UnixSeconds) -> String {
    let day = Day::of(at);
    format!("{} {} {}", day.day, day.month(), day.year)
}

/// Such as “24 Nov 2026, 09:05:07 UTC”.
pub fn moment_text(at: UnixSeconds) -> String {
    let seconds = at.0 % DAY_SECONDS;
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{}, {time} UTC", day_text(at))
}

/// For machines, such as `2026-11-24T09:05:07Z`.
pub fn iso_moment(at: UnixSeconds) -> String {
    let (day, seconds) = (Day::of(at), at.0 % DAY_SECONDS);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{:04}-{:02}-{:02}T{hours:02}:{minutes:02}:{:02}Z", day.year, day.month + 1, day.day, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, wanted) in [
            (0, "1 January 1970"),
            (951_782_399, "28 February 2000"),
            (951_782_400, "29 February 2000"),
            (951_868_800, "1 March 2000"),
            (1_609_459_199, "31 December 2020"),
            (1_796_083_200, "1 December 2026"),
            (4_107_542_400, "1 March 2100"),
        ] {
            assert_eq!(long_day(UnixSeconds(seconds)), wanted);
        }
    }

    #[test]
    fn a_moment_is_told_to_the_second_and_in_utc() {
        let at = UnixSeconds(1_796_083_200 - 7 * DAY_SECONDS + 9 * 3600 + 5 * 60 + 7);
        assert_eq!(short_day(at), "24 Nov");
        assert_eq!(moment_text(at), "24 Nov 2026, 09:05:07 UTC");
        assert_eq!(iso_moment(at), "2026-11-24T09:05:07Z");
    }
}
