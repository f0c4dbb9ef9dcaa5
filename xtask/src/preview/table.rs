//! What `list` shows.

/// One deployment.
pub struct Row {
    pub name: String,
    pub place: &'static str,
    /// Its address, or what is the matter.
    pub address: String,
    /// RFC 3339, or nothing where it is not known.
    pub since: String,
    pub branch: String,
}

pub fn print(rows: &[Row]) {
    if rows.is_empty() {
        eprintln!("nothing is up");
        return;
    }
    for line in lines(rows) {
        println!("{line}");
    }
}

fn lines(rows: &[Row]) -> Vec<String> {
    let cells = |row: &Row| [row.name.clone(), row.place.to_owned(), minute(&row.since), row.address.clone()];
    let mut all = vec![["name", "where", "since", "address"].map(str::to_owned)];
    all.extend(rows.iter().map(cells));
    let width = |column: usize| all.iter().map(|cells| cells[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    let line = |(index, [name, place, since, address]): (usize, &[String; 4])| {
        let [a, b, c] = widths;
        let branch = index.checked_sub(1).and_then(|row| rows.get(row)).map(|row| row.branch.as_str());
        // Where the name is not the branch's own, the branch stands behind.
        let branch = branch.filter(|branch| !branch.is_empty() && branch != name);
        let branch = branch.map(|branch| format!("  ({branch})")).unwrap_or_default();
        format!("{name:<a$}  {place:<b$}  {since:<c$}  {address}{branch}")
    };
    all.iter().enumerate().map(line).collect()
}

/// Date and minute of a time (RFC 3339), in UTC.
fn minute(time: &str) -> String {
    match time.parse::<jiff::Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_and_times_are_short() {
        let row = |name: &str, since: &str, branch: &str| Row {
            name: name.to_owned(),
            place: "cloudflare",
            address: "https://a.example".to_owned(),
            since: since.to_owned(),
            branch: branch.to_owned(),
        };
        let rows = [row("main", "2026-09-30T08:32:45.762865Z", "main"), row("x-1a2b3c4d5e", "", "x/ä")];
        assert_eq!(
            lines(&rows),
            [
                "name          where       since             address",
                "main          cloudflare  2026-09-30 08:32  https://a.example",
                "x-1a2b3c4d5e  cloudflare                    https://a.example  (x/ä)",
            ]
        );
    }
}
