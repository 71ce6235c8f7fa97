package dev.statecraft.session.attribute;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows a class as session attribute, like an entry of {@code statecraft.session.attribute-types}. Subclasses need an
 * annotation of their own. An entry {@code @full.name.OfAnnotation} gives any other annotation the same meaning.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface SessionType {
}
