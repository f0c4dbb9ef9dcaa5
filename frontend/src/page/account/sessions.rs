//! Lists the sessions of the user, and ends them.

use super::text;
use crate::api::use_client;
use crate::state::{Remote, Task};
use crate::ui::{CardSkeleton, Date, Moment, Tag, Tone, day_ago, use_toasts};
use crate::widget::Loaded;
use gatehouse_shared::api::{SessionList, SessionView};
use leptos::prelude::*;

#[component]
pub fn Sessions(sessions: Remote<SessionList>) -> impl IntoView {
    view! {
        <section class="card card-list" aria-labelledby="sessions-title">
            <div class="card-head">
                <div>
                    <h2 id="sessions-title">{text::SESSIONS}</h2>
                    <p class="hint">{text::SESSIONS_HINT}</p>
                </div>
            </div>
            <Loaded remote=sessions skeleton=|| view! { <CardSkeleton/> }.into_any() children=Box::new(move |list: Memo<SessionList>| {
                let rows = move || view! {
                    <ul class="rows">
                        {list.get().sessions.into_iter().map(|session| view! { <SessionRow session sessions/> }).collect_view()}
                    </ul>
                };
                rows.into_any()
            })/>
        </section>
    }
}

#[component]
fn SessionRow(session: SessionView, sessions: Remote<SessionList>) -> impl IntoView {
    let (client, toasts, task) = (use_client(), use_toasts(), Task::new());
    let browser = browser_name(&session.user_agent);
    let label = text::end_session_in(&browser);
    let id = session.id.clone();
    let revoke = move |_| {
        let id = id.clone();
        task.run(async move {
            client.revoke_session(&id).await?;
            toasts.success(text::SESSION_ENDED);
            sessions.reload();
            Ok(())
        });
    };
    view! {
        <li class="row" data-testid=format!("session-{}", session.id)>
            <div class="row-main">
                <p class="row-title">
                    <span title=session.user_agent.clone()>{browser}</span>
                    {session.current.then(|| view! { <Tag tone=Tone::Good text=text::THIS_BROWSER/> })}
                </p>
                <p class="hint">
                    {text::SIGNED_IN} <Moment at=session.created_at/>
                    {if session.current { text::IN_USE_NOW.to_owned() } else { text::LAST_USED.to_owned() + &day_ago(session.last_seen_at) }}
                    {text::EXPIRES} <Date at=session.expires_at/>
                </p>
            </div>
            {(!session.current).then(|| view! {
                <button type="button" class="button button-small" data-testid="revoke-session" aria-label=label disabled=move || task.is_pending() on:click=revoke>
                    {text::END_SESSION}
                </button>
            })}
        </li>
    }
}

/// A `User-Agent` in two words.
fn browser_name(agent: &str) -> String {
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.into(),
        (None, None) => agent.split_whitespace().next().unwrap_or(text::UNKNOWN_BROWSER).into(),
    }
}
