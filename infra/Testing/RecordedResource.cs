using System.Globalization;
using System.Text.Json;
using Candor.Planning;

namespace Candor.Testing;

/// <summary>A resource that a stack declared. Each expectation returns the resource, so that they can be chained.</summary>
public sealed class RecordedResource
{
    internal RecordedResource(PlanResource plan) => Plan = plan;

    /// <summary>The resource with its inputs and options.</summary>
    public PlanResource Plan { get; }

    /// <summary>
    /// An input by its path: names by their names on the wire joined with dots, elements of lists by number or by their own name in
    /// brackets, names with dots in quotes: <c>spec.template.spec.containers[api].ports[0]</c>, <c>metadata.annotations["a.b/c"]</c>.
    /// Missing where nothing is set.
    /// </summary>
    public PlanValue this[string path] => InputPath.Parse(path).Aggregate(Plan.Inputs, (value, step) => step.In(value));

    /// <summary>An input has a value: a text, number, truth value, or an object or list as an anonymous object or collection.</summary>
    /// <exception cref="StackAssertionException">It has another, or none.</exception>
    public RecordedResource Has(string path, object expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var found = this[path];
        var wanted = PlanValue.Parse(JsonSerializer.Serialize(expected));
        if (found == wanted
            || (found.Exists && Text(found) == Text(wanted) && wanted.Kind is not (JsonValueKind.Object or JsonValueKind.Array)))
        {
            return this;
        }

        throw new StackAssertionException(found.Exists
            ? $"{Plan.Type} {Plan.Name}: {path} is {Shown(found)}, expected {Shown(wanted)}."
            : $"{Plan.Type} {Plan.Name}: {path} is not set, expected {Shown(wanted)}.{WhatIsThere(path)}");
    }

    /// <summary>An input is not set.</summary>
    /// <exception cref="StackAssertionException">It is.</exception>
    public RecordedResource HasNo(string path) => this[path] is { Exists: true } found
        ? throw new StackAssertionException($"{Plan.Type} {Plan.Name}: {path} is {Shown(found)}, expected nothing.")
        : this;

    /// <summary>The resource is protected from deletion, by itself or its parent.</summary>
    /// <exception cref="StackAssertionException">It is not.</exception>
    public RecordedResource IsProtected() => Plan.Protect
        ? this
        : throw new StackAssertionException(
            $"{Plan.Type} {Plan.Name} is not protected, expected Protect = true in its options or its parent's.");

    /// <summary>The resource is made after another one because its options say so.</summary>
    /// <exception cref="StackAssertionException">They do not.</exception>
    public RecordedResource DependsOn(RecordedResource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Plan.DependsOn.Contains(other.Plan.Urn, StringComparer.Ordinal)
            ? this
            : throw new StackAssertionException(
                $"{Plan.Type} {Plan.Name} does not depend on {other.Plan.Urn}; its options name "
                + $"{(Plan.DependsOn.Count == 0 ? "nothing" : string.Join(", ", Plan.DependsOn))}.");
    }

    // The last place of the path that exists, and what is in it.
    private string WhatIsThere(string path)
    {
        var value = Plan.Inputs;
        foreach (var step in InputPath.Parse(path))
        {
            var next = step.In(value);
            if (!next.Exists)
            {
                var names = value.Properties.Select(property => property.Key).ToList();
                return names.Count == 0
                    ? $" {step.Before("It")} has {value.Items.Count()} elements."
                    : $" {step.Before("It")} has {string.Join(", ", names)}." + RecordedStack.DidYouMean(step.Name, names);
            }

            value = next;
        }

        return string.Empty;
    }

    private static string? Text(PlanValue value) => value.Text ?? value.Number?.ToString(CultureInfo.InvariantCulture) ?? value.ToString();

    private static string Shown(PlanValue value) => value.Text is { } text ? $"\"{text}\"" : value.ToString();
}
