using Candor.Infra.Tests.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>A test that needs the official npm packages; it is skipped, with the reason, where npm cannot get them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TypingsFactAttribute : FactAttribute
{
    // Once a process: the packages stay installed.
    private static readonly Lazy<string?> Unavailable = new(WhyNot);

    public TypingsFactAttribute() => Skip = Unavailable.Value;

    private static string? WhyNot()
    {
        try
        {
            // An attribute cannot wait otherwise.
            new TypingsCheck(ProjectFolder.Path).InstallAsync(CancellationToken.None).GetAwaiter().GetResult();
            return null;
        }
        catch (TypingsUnavailableException exception)
        {
            return exception.Message;
        }
    }
}
