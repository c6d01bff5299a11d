//! The icon of a row that tells of something wrong.

/// Makes the icon; the row's words say what it means.
pub fn warning_icon() -> gtk::Image {
    gtk::Image::builder()
        .icon_name("dialog-warning-symbolic")
        .accessible_role(gtk::AccessibleRole::Presentation)
        .css_classes(["warning"])
        .build()
}
