using System.Text;

namespace Candor.Program.Config;

/// <summary>The root certificates by which a client verifies RDS: only those of one region.</summary>
internal static class ManagedCertificates
{
    private const string Resource = "rds-roots.pem";
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    /// <summary>The certificates (PEM) as configured, or of the region; null when the region is not known.</summary>
    public static string? Of(StackConfig config) => config.Dependencies.DatabaseCertificates ?? OfRegion(config.Providers.Region);

    private static string? OfRegion(string region)
    {
        using var stream = typeof(ManagedCertificates).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded in the program.");
        using var reader = new StreamReader(stream);
        var found = new StringBuilder();
        var wanted = false;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                wanted = line.Contains($" {region} ", StringComparison.Ordinal);
            }
            else if (wanted)
            {
                found.Append(line).Append('\n');
            }
        }

        return found.ToString() is var text && text.Contains(Begin, StringComparison.Ordinal) ? text : null;
    }
}
