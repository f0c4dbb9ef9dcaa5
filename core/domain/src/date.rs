//! Dates as texts of the API.

use gatehouse_shared::model::{CivilDate, DAY_SECONDS, UnixSeconds};

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Writes a moment as v1.1 does: `Wed Oct 10 20:19:24 +0000 2018`, in UTC.
pub fn ruby_date(at: UnixSeconds) -> String {
    let (days, seconds) = (at.0 / DAY_SECONDS, at.0 % DAY_SECONDS);
    let CivilDate { year, month, day } = CivilDate::of_day(days);
    let (weekday, month) = (name(&DAYS, days % 7), name(&MONTHS, month));
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} +0000 {year}")
}

fn name<'a>(names: &[&'a str], number: u64) -> &'a str {
    usize::try_from(number).ok().and_then(|number| names.get(number)).copied().unwrap_or_default()
}

/// Writes the day of a moment as ISO 8601 does: `2018-10-10T00:00:00.000Z`, in UTC.
pub fn iso_date(at: UnixSeconds) -> String {
    let CivilDate { year, month, day } = CivilDate::of_day(at.0 / DAY_SECONDS);
    format!("{year:04}-{:02}-{day:02}T00:00:00.000Z", month + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

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
