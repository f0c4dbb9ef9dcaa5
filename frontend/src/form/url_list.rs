//! The field for a list of URLs.

use super::state::id_of;
use super::text::{described_by, error_of, touch_if_filled};
use super::value::Value;
use super::{FormState, Line};
use crate::ui::{FieldError, Icon, IconName};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A list of URLs, one in each line. The user can add and remove lines.
#[component]
pub fn UrlList(
    state: FormState,
    /// The name of the list. A line has the name `name[index]`.
    name: &'static str,
    #[prop(into)] legend: String,
    #[prop(into)] hint: String,
    lines: RwSignal<Vec<Line>>,
    most: usize,
) -> impl IntoView {
    let legend_text = legend.clone();
    state.track(name, &legend, Value::Lines(lines));
    let list_error = error_of(state, name);
    let add = move |_| {
        let index = lines.with_untracked(Vec::len);
        state.edit(name);
        lines.update(|lines| lines.push(Line::new("")));
        focus_later(format!("{name}[{index}]"));
    };
    let remove = move |key: u32| {
        state.edit(name);
        lines.update(|lines| lines.retain(|line| line.key != key));
        let left = lines.with_untracked(Vec::len);
        match left {
            0 => focus_id_later(format!("{name}-add")),
            left => focus_later(format!("{name}[{}]", left - 1)),
        }
    };
    view! {
        <fieldset class="field fieldset" id=name>
            <legend class="label">{legend} " " <span class="optional">"Optional"</span></legend>
            <p class="hint" id=format!("{name}-hint")>{hint}</p>
            <For each=move || lines.get() key=|line| line.key children=move |Line { key, url }| {
                let index = Memo::new(move |_| {
                    lines.with(|lines| lines.iter().position(|line| line.key == key).unwrap_or(0))
                });
                view! { <UrlLine state name index value=RwSignal::from(url) legend=legend_text.clone() on_remove=Callback::new(move |()| remove(key))/> }
            }/>
            {move || list_error.get().map(|text| view! { <FieldError id=format!("{name}-error") text/> })}
            {move || {
                let full = lines.with(Vec::len) >= most;
                view! {
                    <div class="url-list-end">
                        <button type="button" class="button button-small" id=format!("{name}-add") data-testid="add-callback"
                            disabled=full on:click=add>
                            <Icon name=IconName::Plus/> "Add URL"
                        </button>
                        <span class="hint">{format!("{} of {most}", lines.with(Vec::len))}</span>
                    </div>
                }
            }}
            <div class="field-end"></div>
        </fieldset>
    }
}

#[component]
fn UrlLine(
    state: FormState,
    name: &'static str,
    index: Memo<usize>,
    value: RwSignal<String>,
    legend: String,
    on_remove: Callback<()>,
) -> impl IntoView {
    let field = Memo::new(move |_| format!("{name}[{}]", index.get()));
    Effect::new({
        let legend = legend.clone();
        move |_| state.name_field(&field.get(), &format!("{legend}, line {}", index.get() + 1))
    });
    let error = Memo::new(move |_| state.error(&field.get()));
    view! {
        <div class="url-line">
            <div class="input-group">
                <input
                    id=move || id_of(&field.get())
                    name=move || field.get()
                    type="text"
                    inputmode="url"
                    class="input"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-label=move || format!("{legend}, line {}", index.get() + 1)
                    aria-describedby=move || {
                        described_by(&id_of(&field.get()), false, error.get().is_some()).unwrap_or(format!("{name}-hint"))
                    }
                    aria-invalid=move || error.get().is_some().to_string()
                    prop:value=move || value.get()
                    on:input:target=move |event| {
                        state.edit(name);
                        value.set(event.target().value());
                    }
                    on:blur=move |_| {
                        if let Some(field) = field.try_get_untracked() {
                            touch_if_filled(state, &field, value);
                        }
                    }
                />
                <button type="button" class="button button-icon" aria-label=move || format!("Remove line {}", index.get() + 1)
                    data-testid=move || format!("remove-{}", id_of(&field.get()))
                    on:click=move |_| on_remove.run(())>
                    <Icon name=IconName::Trash/>
                </button>
            </div>
            {move || error.get().map(|text| view! { <FieldError id=format!("{}-error", id_of(&field.get())) text/> })}
        </div>
    }
}

fn focus_later(field: String) {
    focus_id_later(id_of(&field));
}

fn focus_id_later(id: String) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}
