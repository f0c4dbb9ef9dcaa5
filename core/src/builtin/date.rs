use gatehouse_shared::model::UnixSeconds;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Writes a moment as v1.1 does: `Wed Oct 10 20:19:24 +0000 2018`, in UTC.
pub(super) fn ruby_date(at: UnixSeconds) -> String {
    let (days, seconds) = (at.0 / 86_400, at.0 % 86_400);
    let (year, month, day) = civil(days);
    let weekday = DAYS[(days % 7) as usize];
    let month = MONTHS[month as usize];
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} +0000 {year}")
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
