package dev.statecraft.session;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/** Excludes the auto-configurations of each {@link ClientLibrary} that nobody uses. */
final class ClientLibraryFilter implements AutoConfigurationImportFilter, EnvironmentAware, BeanClassLoaderAware {
  private static final List<String> NONE = List.of("none");

  @SuppressWarnings("NullAway.Init") // Spring sets it before match
  private Environment environment;
  @SuppressWarnings("NullAway.Init") // Spring sets it before match
  private ClassLoader classes;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void setBeanClassLoader(ClassLoader classes) {
    this.classes = classes;
  }

  @Override
  public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
    Set<String> unused = unusedLibraries();
    boolean[] keep = new boolean[autoConfigurations.length];
    for (int i = 0; i < keep.length; i++) {
      String name = autoConfigurations[i];
      keep[i] = name == null || unused.stream().noneMatch(name::startsWith);
    }
    return keep;
  }

  Set<String> unusedLibraries() {
    SessionStrategies strategies = SessionStrategies.load(classes);
    Set<String> unused = new HashSet<>();
    strategies
        .all()
        .stream()
        .flatMap(strategy -> strategy.clientLibraries().stream())
        .filter(library -> library.properties().stream().noneMatch(this::isSet))
        .forEach(library -> unused.add(library.autoConfigurations()));
    strategies.selected(environment).clientLibraries().forEach(library -> unused.remove(library.autoConfigurations()));
    return unused;
  }

  /** A list is set by indexed properties too, so the environment alone cannot tell. */
  private boolean isSet(String property) {
    List<String> value = Binder.get(environment).bind(property, Bindable.listOf(String.class)).orElse(NONE);
    return !NONE.equals(value);
  }
}
