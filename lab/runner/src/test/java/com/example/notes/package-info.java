/** A session strategy of a third party, as a module of its own would add it to the lab. */
@NullMarked
package com.example.notes;

import org.jspecify.annotations.NullMarked;
