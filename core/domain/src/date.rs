use gatehouse_shared::model::UnixSeconds;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Writes a moment as v1.1 does: `Wed Oct 10 20:19:24 +0000 2018`, in UTC.
pub fn ruby_date(at: UnixSeconds) -> String {
    let (days, seconds) = (at.0 / 86_400, at.0 % 86_400);
    let (year, month, day) = civil(days);
    let weekday = DAYS[(days % 7) as usize];
    let month = MONTHS[month as usize];
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} +0000 {year}")
}

/// Writes the day of a moment as ISO 8601 does: `2018-10-10T00:00:00.000Z`, in UTC.
pub fn iso_date(at: UnixSeconds) -> String {
    let (year, month, day) = civil(at.0 / DAY_SECONDS);
    format!("{year:04}-{:02}-{day:02}T00:00:00.000Z", month + 1)
}

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Months since January of the year 0; grows by one a month.
    pub number: u64,
    pub starts_at: UnixSeconds,
    /// The first moment of the next one.
    pub ends_at: UnixSeconds,
}

pub const DAY_SECONDS: u64 = 86_400;

/// The month that a moment lies in.
pub fn month_of(at: UnixSeconds) -> Month {
    let today = at.0 / DAY_SECONDS;
    let (year, month, day) = civil(today);
    let first = today + 1 - day;
    let next = (first + 28..).find(|day| civil(*day).2 == 1).unwrap_or(first + 28);
    Month {
        number: year * 12 + month,
        starts_at: UnixSeconds(first * DAY_SECONDS),
        ends_at: UnixSeconds(next * DAY_SECONDS),
    }
}

/// Year, month from 0 and day from 1 of a number of days since 1970-01-01, in
/// the Gregorian calendar: counted in eras of 400 years that begin in March,
/// so that a leap day is the last of its year.
fn civil(days: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    // 1970-01-01 is 719,468 days after 0000-03-01.
    let days = days + 719_468;
    let (era, of_era) = (days / ERA, days % ERA);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12;
    (era * 400 + year + u64::from(month < 2), month, day)
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

    #[test]
    fn dates_are_those_of_the_calendar() {
        // By `date -u -d @<seconds> '+%a %b %d %H:%M:%S +0000 %Y'`.
        for (seconds, text) in [
            (0, "Thu Jan 01 00:00:00 +0000 1970"),
            (951_782_399, "Mon Feb 28 23:59:59 +0000 2000"),
            (951_782_400, "Tue Feb 29 00:00:00 +0000 2000"),
            (1_539_202_764, "Wed Oct 10 20:19:24 +0000 2018"),
            (1_709_251_199, "Thu Feb 29 23:59:59 +0000 2024"),
            (4_107_542_400, "Mon Mar 01 00:00:00 +0000 2100"),
        ] {
            assert_eq!(ruby_date(UnixSeconds(seconds)), text);
        }
    }
}
