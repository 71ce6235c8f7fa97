package dev.statecraft.session.attribute;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.jackson.SecurityJacksonModule;
import org.springframework.security.jackson.SecurityJacksonModules;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** Spring Security's own Jackson modules and the types that they allow, if Spring Security is on the class path. */
final class SecurityTypes {
  private final List<SecurityJacksonModule> modules;

  private SecurityTypes(List<SecurityJacksonModule> modules) {
    this.modules = modules;
  }

  static @Nullable SecurityTypes find(ClassLoader loader) {
    if (!ClassUtils.isPresent("org.springframework.security.jackson.SecurityJacksonModules", loader)) {
      return null;
    }
    // The rest of the list turns on a typing of its own, which names the class of each collection.
    return new SecurityTypes(
        SecurityJacksonModules
            .getModules(loader)
            .stream()
            .filter(SecurityJacksonModule.class::isInstance)
            .map(SecurityJacksonModule.class::cast)
            .toList());
  }

  List<? extends JacksonModule> modules() {
    return modules;
  }

  BasicPolymorphicTypeValidator validator() {
    BasicPolymorphicTypeValidator.Builder builder = BasicPolymorphicTypeValidator.builder();
    modules.forEach(module -> module.configurePolymorphicTypeValidator(builder));
    return builder.build();
  }
}
