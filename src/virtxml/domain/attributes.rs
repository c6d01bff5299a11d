//! Writes the accessors of views that only pick attributes.

/// Gives a view accessors, each for one attribute of the element at the end of a path.
macro_rules! attributes {
    ($view:ident { $( $(#[$doc:meta])* $method:ident => [$($step:literal),*] $name:literal; )* }) => {
        impl<'a> $view<'a> {
            $(
                $(#[$doc])*
                pub fn $method(&self) -> Option<String> {
                    self.element.attribute_at(&[$($step),*], $name)
                }
            )*

            /// The element that is viewed.
            pub fn element(&self) -> &'a crate::Element {
                self.element
            }

            pub(crate) fn of(element: &'a crate::Element) -> Self {
                Self { element }
            }
        }
    };
}

pub(crate) use attributes;
