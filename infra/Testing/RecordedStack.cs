using System.Reflection;
using System.Text;
using Candor.Contract;
using Candor.Planning;
using Candor.Planning.Lint;
using Pulumi;

namespace Candor.Testing;

/// <summary>What a stack declared, to ask and to hold to what is expected of it.</summary>
public sealed class RecordedStack
{
    private const string Update = "CANDOR_UPDATE_SNAPSHOTS";

    internal RecordedStack(Plan plan) => Plan = plan;

    /// <summary>The Plan: every resource with its inputs and options, and the outputs.</summary>
    public Plan Plan { get; }

    /// <summary>The preview that <c>candor preview --markdown</c> writes.</summary>
    public string Preview => MarkdownReport.Write(PreviewReport.Of(Plan));

    /// <summary>Every resource of a class, such as <c>Pulumi.Aws.LB.TargetGroup</c>, in the order of their names.</summary>
    public IReadOnlyList<RecordedResource> All<TResource>()
        where TResource : Resource
        => All(TypeOf(typeof(TResource)));

    /// <summary>Every resource of a type token, such as <c>aws:lb/targetGroup:TargetGroup</c>, in the order of their names.</summary>
    public IReadOnlyList<RecordedResource> All(string type) =>
        [.. Plan.Index.OfType(type).OrderBy(
            resource => resource.Name, StringComparer.Ordinal).Select(resource => new RecordedResource(resource))];

    /// <summary>The resource of a class, by its Pulumi name where there are several.</summary>
    /// <exception cref="StackAssertionException">There is none, or several.</exception>
    public RecordedResource One<TResource>(string? name = null)
        where TResource : Resource
        => One(TypeOf(typeof(TResource)), name);

    /// <summary>The resource of a type token, by its Pulumi name where there are several.</summary>
    /// <exception cref="StackAssertionException">There is none, or several.</exception>
    public RecordedResource One(string type, string? name = null)
    {
        var all = All(type);
        var found = name is null ? all : [.. all.Where(resource => resource.Plan.Name == name)];
        if (found.Count == 1)
        {
            return found[0];
        }

        var names = all.Select(resource => resource.Plan.Name).ToList();
        throw new StackAssertionException((found.Count, names.Count) switch
        {
            ( > 1, _) => $"There are {found.Count} resources of type {type}, expected one; give its name: {string.Join(", ", names)}.",
            (_, > 0) => $"There is no {type} called {name}; there are {string.Join(", ", names)}." + DidYouMean(name!, names),
            _ => $"There is no {type}. The stack declares: {string.Join(", ", Types())}." + DidYouMean(type, Types()),
        });
    }

    /// <summary>An output of the stack.</summary>
    /// <exception cref="StackAssertionException">The stack has no such output.</exception>
    public PlanValue Output(string name)
    {
        var names = Plan.Outputs.Properties.Select(output => output.Key).ToList();
        return names.Contains(name, StringComparer.Ordinal)
            ? Plan.Outputs[name]
            : throw new StackAssertionException(
                $"The stack has no output {name}; it has {(names.Count == 0 ? "none" : string.Join(", ", names))}."
                    + DidYouMean(name, names));
    }

    /// <summary>
    /// Every rule of <c>candor lint</c> holds but those named here, with the weight that it has in a plan with a contract: a team that
    /// tests its stack wants more than not to fail.
    /// </summary>
    /// <param name="except">Ids of rules that need not hold.</param>
    /// <exception cref="StackAssertionException">A rule of severity error does not hold; every finding is listed with its fix.</exception>
    public RecordedStack HoldsEveryRule(params IReadOnlyCollection<string> except)
    {
        var findings = Linter.Lint(Plan, LintSettings.Default with { IsStrict = true }).Findings
            .Where(finding => finding.Severity == Candor.Planning.Rules.Severity.Error && !except.Contains(finding.Rule))
            .ToList();
        return findings.Count == 0
            ? this
            : throw new StackAssertionException(string.Join(
                '\n',
                findings
                    .Select(finding => $"  {finding.Rule} {finding.Resource}: {finding.Summary}. {finding.Why} {finding.Fix}")
                    .Prepend($"{findings.Count} findings that candor lint calls errors:")));
    }

    /// <summary>
    /// The stack declares what it declared when the snapshot was taken. The snapshot is a plan file (<c>candor preview --json</c>); where
    /// it is missing, or the environment variable CANDOR_UPDATE_SNAPSHOTS is 1, it is written instead of compared. On a build server, where
    /// the variable CI is set, a missing one fails.
    /// </summary>
    /// <param name="path">The snapshot, which belongs into version control.</param>
    /// <exception cref="StackAssertionException">It is different: the message is what <c>candor diff</c> says.</exception>
    public RecordedStack MatchesSnapshot(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var exists = File.Exists(path);
        if (Environment.GetEnvironmentVariable(Update) == "1" || (!exists && Environment.GetEnvironmentVariable("CI") is null or ""))
        {
            File.WriteAllText(path, PlanJson.Serialize(Plan));
            return this;
        }

        if (!exists)
        {
            throw new StackAssertionException(
                $"There is no snapshot {path}. Run the test once outside the build server and commit what it writes.");
        }

        var difference = PlanDiff.Of(PlanReader.Read(Encoding.UTF8.GetBytes(File.ReadAllText(path)), path), Plan);
        return difference.IsEmpty
            ? this
            : throw new StackAssertionException(
                $"The stack declares something else than the snapshot {path} says. Run with {Update}=1 if it should.\n"
                + MarkdownReport.Write(DiffReport.Of(difference)));
    }

    internal static string DidYouMean(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } near ? $" Did you mean {near}?" : string.Empty;

    private List<string> Types() => [.. Plan.Resources.Select(resource => resource.Type).Distinct(StringComparer.Ordinal)];

    private static string TypeOf(Type resource) => resource.GetCustomAttributes<ResourceTypeAttribute>(inherit: true).FirstOrDefault()?.Type
        ?? throw new ArgumentException(
            $"{resource.FullName} has no type token of its own; ask for it by the token, such as kubernetes:core/v1:Service.");
}

/// <summary>A stack does not declare what a test expects; the message has what was found, what was expected, and similar names.</summary>
public sealed class StackAssertionException : Exception
{
    /// <summary>With a message for a person.</summary>
    public StackAssertionException(string message)
        : base(message)
    {
    }
}
