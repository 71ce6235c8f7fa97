/** A shop behind a login form. */
@NullMarked
package com.example.shop;

import org.jspecify.annotations.NullMarked;
