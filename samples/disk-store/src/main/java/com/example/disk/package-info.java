/** A session strategy that keeps each session in a file. */
@org.jspecify.annotations.NullMarked
package com.example.disk;
